using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>Writes JSON for people who review it: two spaces, LF, texts as they read, few numbers on one line.</summary>
/// <remarks>
/// The platform's writer escapes every character outside the basic plane, and shows none of those that reorder or hide text in
/// a review. Numbers keep the digits that they came with.
/// </remarks>
internal sealed class ReviewJson
{
    private const int MostNumbersInLine = 16;

    // Control characters, and those that are not seen and change how the rest is: line separators, directions, byte order.
    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(unit => (char)unit),
        .. Enumerable.Range(0x7f, 0x21).Select(unit => (char)unit),
        .. Enumerable.Range(0x2028, 7).Select(unit => (char)unit),
        .. Enumerable.Range(0x2060, 10).Select(unit => (char)unit),
        '"',
        '\\',
        '\u200b',
        '\u200e',
        '\u200f',
        '\ufeff',
    ]);

    private readonly CanonicalJsonWriter _output = new();
    private int _depth;
    private bool _isFirst = true;

    /// <summary>What has been written, with a line end.</summary>
    public byte[] ToArray()
    {
        _output.WriteRaw("\n"u8);
        return _output.ToArray();
    }

    public void StartObject() => Start("{"u8);

    public void EndObject() => End("}"u8);

    public void Name(string name)
    {
        NextLine();
        Quoted(name);
        _output.WriteRaw(": "u8);
    }

    public void Number(int value) => _output.WriteRaw(value.ToString(CultureInfo.InvariantCulture));

    public void Text(string text) => Quoted(text);

    public void Array(IEnumerable<JsonElement> items)
    {
        Start("["u8);
        foreach (var item in items)
        {
            NextLine();
            Value(item);
        }
        End("]"u8);
    }

    public void Value(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                StartObject();
                foreach (var member in value.EnumerateObject())
                {
                    Name(member.Name);
                    Value(member.Value);
                }
                EndObject();
                break;
            case JsonValueKind.Array when IsShortRow(value):
                Row(value);
                break;
            case JsonValueKind.Array:
                Array(value.EnumerateArray());
                break;
            case JsonValueKind.String when TextOf(value) is { } text:
                Quoted(text);
                break;
            default:
                _output.WriteRaw(JsonMarshal.GetRawUtf8Value(value));
                break;
        }
    }

    private static bool IsShortRow(JsonElement array) =>
        array.GetArrayLength() is > 0 and <= MostNumbersInLine
        && array.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number);

    // Half of a surrogate pair is no text and can only be written as it came.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Row(JsonElement numbers)
    {
        var separator = "["u8;
        foreach (var number in numbers.EnumerateArray())
        {
            _output.WriteRaw(separator);
            _output.WriteRaw(JsonMarshal.GetRawUtf8Value(number));
            separator = ", "u8;
        }
        _output.WriteRaw("]"u8);
    }

    private void Start(ReadOnlySpan<byte> bracket)
    {
        _output.WriteRaw(bracket);
        _depth++;
        _isFirst = true;
    }

    private void End(ReadOnlySpan<byte> bracket)
    {
        _depth--;
        if (!_isFirst)
            Indent();
        _output.WriteRaw(bracket);
        _isFirst = false;
    }

    private void NextLine()
    {
        if (!_isFirst)
            _output.WriteRaw(","u8);
        _isFirst = false;
        Indent();
    }

    private void Indent()
    {
        _output.WriteRaw("\n"u8);
        for (var i = 0; i < _depth; i++)
            _output.WriteRaw("  "u8);
    }

    private void Quoted(ReadOnlySpan<char> text)
    {
        _output.WriteRaw("\""u8);
        for (int at; (at = text.IndexOfAny(Escaped)) >= 0; text = text[(at + 1)..])
        {
            _output.WriteRaw(text[..at]);
            _output.WriteRaw(
                text[at] switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    var unit => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                }
            );
        }
        _output.WriteRaw(text);
        _output.WriteRaw("\""u8);
    }
}
