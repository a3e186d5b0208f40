using System.Text.Encodings.Web;

namespace Larder.Content;

/// <summary>Text from outside, made safe to show in a message.</summary>
internal static class Printable
{
    private const int MaxLength = 200;

    /// <summary>Quotes the text, escapes what a terminal would obey, and cuts what is too long to read.</summary>
    public static string Quote(string text) => $"'{Escape(text)}'";

    /// <summary>Escapes what a terminal would obey, and cuts what is too long to read.</summary>
    public static string Escape(string text) =>
        text.Length <= MaxLength
            ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)
            : $"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text[..MaxLength])}…";
}
