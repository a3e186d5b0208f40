using System.Buffers;
using System.Globalization;
using System.Text;

namespace Larder.Content;

/// <summary>The tokens of canonical JSON, written to a buffer.</summary>
internal sealed class CanonicalJsonWriter
{
    private readonly ArrayBufferWriter<byte> _output = new();

    /// <summary>What has been written, as an array of its own.</summary>
    public byte[] ToArray() => _output.WrittenSpan.ToArray();

    /// <summary>What has been written, until more is.</summary>
    public ReadOnlySpan<byte> Written => _output.WrittenSpan;

    /// <summary>Begins anew, in the memory of what was written before.</summary>
    public void Clear() => _output.ResetWrittenCount();

    /// <summary>Writes bytes that are canonical JSON already.</summary>
    public void WriteRaw(ReadOnlySpan<byte> utf8) => _output.Write(utf8);

    /// <summary>Writes characters that are canonical JSON already.</summary>
    public void WriteRaw(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, _output);

    /// <summary>Writes a string with its quotes, escaping only what RFC 8785 section 3.2.2.2 escapes.</summary>
    /// <param name="text">Well-formed text; a lone surrogate would be lost in UTF-8.</param>
    public void WriteString(ReadOnlySpan<char> text)
    {
        WriteRaw("\""u8);
        for (int at; (at = IndexOfEscaped(text)) >= 0; text = text[(at + 1)..])
        {
            WriteRaw(text[..at]);
            WriteEscaped(text[at]);
        }

        WriteRaw(text);
        WriteRaw("\""u8);
    }

    private static int IndexOfEscaped(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' or '"' or '\\')
                return i;
        }

        return -1;
    }

    private void WriteEscaped(char unit) =>
        WriteRaw(
            unit switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
            }
        );
}
