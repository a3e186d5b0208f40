using System.Text.Json;
using Larder.Content;

namespace Larder.Recordings.Answers.Comparison;

/// <summary>Values in sentences: short, and without what a terminal would obey.</summary>
internal static class Shown
{
    private const int MaxLength = 60;

    public static string Of(string text) =>
        Printable.Quote(text.Length <= MaxLength ? text : $"{text.AsSpan(0, MaxLength)}…");

    public static string Of(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => Of(value.GetString()!),
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => $"an array of {value.GetArrayLength()}",
            _ => value.GetRawText(),
        };
}
