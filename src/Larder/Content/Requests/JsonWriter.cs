using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Content.Requests;

/// <summary>The walk that writes JSON into a request.</summary>
internal sealed class JsonWriter(RequestWriter request)
{
    /// <summary>What is wrong with an object whose members cannot be read.</summary>
    public const string WrongNames = "A name appears twice in this object, or is not Unicode text; correct it.";

    /// <summary>Writes a node and all below it.</summary>
    public void Write(JsonNode? node)
    {
        if (request.Forms?.TryWrite(request, node, typeof(JsonNode)) == true)
            return;

        switch (node)
        {
            case null:
                request.WriteNull();
                break;
            case JsonObject members:
                WriteObject(members);
                break;
            case JsonArray items:
                WriteArray(items);
                break;
            case JsonValue value:
                WriteValue(value);
                break;
        }
    }

    /// <summary>The node of an element.</summary>
    public JsonNode? NodeOf(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Undefined => throw request.Refused("The JSON element has no value; give null."),
            JsonValueKind.Object => JsonObject.Create(element),
            JsonValueKind.Array => JsonArray.Create(element),
            _ => JsonValue.Create(element),
        };

    /// <summary>The members of an object, each name once.</summary>
    public KeyValuePair<string, JsonNode?>[] MembersOf(JsonObject node) =>
        TryReadMembers(node) ?? throw request.Refused(WrongNames);

    /// <summary>The members of an object, each name once; null where the names are wrong.</summary>
    public static KeyValuePair<string, JsonNode?>[]? TryReadMembers(JsonObject node)
    {
        // A node that wraps parsed JSON looks at names only now.
        try
        {
            return [.. node];
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private void WriteObject(JsonObject node)
    {
        var members = MembersOf(node);
        request.WriteMembers([.. members.Select(member => member.Key)], i => Write(members[i].Value));
    }

    private void WriteArray(JsonArray items)
    {
        request.Enter("["u8);
        for (var i = 0; i < items.Count; i++)
        {
            request.At(i);
            request.WriteComma(i);
            Write(items[i]);
        }
        request.Leave("]"u8);
    }

    private void WriteValue(JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.Number:
                WriteNumber(value);
                break;
            case JsonValueKind.String when request.Forms is not null:
                request.WriteText(TextOf(value));
                break;
            case JsonValueKind.Object or JsonValueKind.Array:
                // Some value of .NET: only its own JSON tells what it is.
                Write(JsonNode.Parse(value.ToJsonString()));
                break;
            default:
                WriteScalar(value);
                break;
        }
    }

    private void WriteNumber(JsonValue value)
    {
        var isParsed = value.TryGetValue(out JsonElement _);
        if (!isParsed && value.TryGetValue(out double number))
            request.WriteNumber(number);
        else if (!isParsed && value.TryGetValue(out float single))
            request.WriteNumber(single);
        else
            request.WriteNumber(value.ToJsonString());
    }

    private string TextOf(JsonValue value)
    {
        try
        {
            // A date, a GUID or the like: only its own JSON tells what it is.
            return value.TryGetValue(out string? text)
                ? text
                : JsonNode.Parse(value.ToJsonString())!.GetValue<string>();
        }
        catch (InvalidOperationException e)
        {
            throw request.Refused("The string is not Unicode text.", e);
        }
    }

    private void WriteScalar(JsonValue value)
    {
        try
        {
            new CanonicalJsonTree(request.Output, IntegerRule.Refuse).Write(value);
        }
        catch (InvalidDocumentException e)
        {
            throw request.Refused($"The value has no canonical form: {e.Message}", e);
        }
    }
}
