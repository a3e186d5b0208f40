using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Content;

/// <summary>The walk that turns a tree of nodes into canonical JSON; bytes and elements go this way too.</summary>
internal sealed class CanonicalJsonTree
{
    /// <summary>How many arrays and objects may lie in each other.</summary>
    public const int MaxDepth = 64;

    private readonly CanonicalJsonWriter _writer;
    private readonly IntegerRule _integers;

    public CanonicalJsonTree(CanonicalJsonWriter writer, IntegerRule integers)
    {
        _writer = writer;
        _integers = integers;
    }

    /// <summary>Writes a node and all below it.</summary>
    /// <exception cref="InvalidDocumentException">The node has no canonical form.</exception>
    public void Write(JsonNode? node) => Write(node, depth: 0);

    private void Write(JsonNode? node, int depth)
    {
        if (depth == MaxDepth && node is JsonObject or JsonArray)
            throw Refused(node, $"arrays and objects are nested more than {MaxDepth} deep; flatten them");

        switch (node)
        {
            case null:
                _writer.WriteRaw("null"u8);
                break;
            case JsonObject members:
                WriteObject(members, depth);
                break;
            case JsonArray items:
                WriteArray(items, depth);
                break;
            case JsonValue value:
                WriteValue(value, depth);
                break;
        }
    }

    private void WriteObject(JsonObject node, int depth)
    {
        KeyValuePair<string, JsonNode?>[] members = MembersOf(node);
        Array.Sort(members, static (left, right) => string.CompareOrdinal(left.Key, right.Key));

        _writer.WriteRaw("{"u8);
        for (int i = 0; i < members.Length; i++)
        {
            if (i > 0)
                _writer.WriteRaw(","u8);
            WriteString(members[i].Key, node);
            _writer.WriteRaw(":"u8);
            Write(members[i].Value, depth + 1);
        }

        _writer.WriteRaw("}"u8);
    }

    private void WriteArray(JsonArray items, int depth)
    {
        _writer.WriteRaw("["u8);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
                _writer.WriteRaw(","u8);
            Write(items[i], depth + 1);
        }

        _writer.WriteRaw("]"u8);
    }

    private void WriteValue(JsonValue value, int depth)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.True:
                _writer.WriteRaw("true"u8);
                break;
            case JsonValueKind.False:
                _writer.WriteRaw("false"u8);
                break;
            case JsonValueKind.Number:
                WriteNumber(value);
                break;
            case JsonValueKind.String when TextOf(value) is { } text:
                WriteString(text, value);
                break;
            default:
                // A date, a GUID or the like: only its own JSON tells what it is.
                Write(JsonNode.Parse(value.ToJsonString()), depth);
                break;
        }
    }

    private void WriteNumber(JsonValue value)
    {
        string text = NumberTextOf(value);
        double number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
            throw Refused(value, $"{Printable.Quote(text)} is larger than a double can be; write it as a string");

        DecimalNumber canonical = DecimalNumber.Of(number);
        string written = canonical.ToEcmaScript();
        if (
            _integers == IntegerRule.Refuse
            && DecimalNumber.Parse(text) is { IsInteger: true } exact
            && exact != canonical
        )
        {
            throw Refused(value, $"the integer {Printable.Quote(text)} would become {written}; write it as a string");
        }

        _writer.WriteRaw(written);
    }

    private void WriteString(string text, JsonNode owner)
    {
        if (!Utf16.IsWellFormed(text))
            throw Refused(owner, "a string or name has half of a surrogate pair; it is not Unicode text");
        _writer.WriteString(text);
    }

    // A node that wraps parsed JSON looks at names and strings only now, and reports what it finds in general terms.
    private static KeyValuePair<string, JsonNode?>[] MembersOf(JsonObject node)
    {
        try
        {
            return [.. node];
        }
        catch (ArgumentException e)
        {
            throw Refused(node, "a name appears twice in one object", e);
        }
        catch (InvalidOperationException e)
        {
            throw Refused(node, "a name is not Unicode text", e);
        }
    }

    private static string? TextOf(JsonValue value)
    {
        try
        {
            if (value.TryGetValue(out string? text))
                return text;

            return value.TryGetValue(out char unit) ? unit.ToString() : null;
        }
        catch (InvalidOperationException e)
        {
            throw Refused(value, "the string is not Unicode text", e);
        }
    }

    // By its JSON and not by its CLR type, so that a float 0.1 and a parsed 0.1 are the same number. But not a double:
    // the JSON that .NET writes for 2^-25 is that of its neighbour.
    private static string NumberTextOf(JsonValue value)
    {
        bool isParsed = value.TryGetValue(out JsonElement _);
        if (!isParsed && value.TryGetValue(out double number) && double.IsFinite(number))
            return DecimalNumber.Of(number).ToEcmaScript();

        try
        {
            return value.ToJsonString();
        }
        catch (ArgumentException e)
        {
            throw Refused(value, "JSON has no NaN and no infinity; write it as a string", e);
        }
    }

    private static InvalidDocumentException Refused(JsonNode node, string problem, Exception? innerException = null) =>
        new(node.GetPath(), problem, innerException);
}
