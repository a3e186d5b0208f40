using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larder.Passes.Documents;

/// <summary>An object of a document whose faults of shape have been told: what is of the wrong kind is as if it were not there.</summary>
/// <param name="Element">The object; anything else has no members.</param>
/// <param name="Path">Where it stands.</param>
internal readonly record struct Node(JsonElement Element, string Path)
{
    /// <summary>The path of a member.</summary>
    public string At(string name) => $"{Path}.{name}";

    public bool Has(string name) => TryGet(name, out _);

    /// <summary>A text that is not empty; null when there is none.</summary>
    public string? Text(string name) => TryGet(name, out var value) ? TextOf(value) : null;

    public bool Flag(string name, bool fallback) =>
        TryGet(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : fallback;

    /// <summary>The member as an object; null when it is none.</summary>
    public Node? Object(string name) =>
        TryGet(name, out var value) && value.ValueKind == JsonValueKind.Object ? new Node(value, At(name)) : null;

    /// <summary>The texts of a list, each with its path.</summary>
    public IEnumerable<(string Text, string Path)> Texts(string name) =>
        from item in Items(name)
        let text = TextOf(item.Element)
        where text is not null
        select (text, item.Path);

    /// <summary>The items of a list.</summary>
    public IEnumerable<Node> Items(string name)
    {
        if (!TryGet(name, out var list) || list.ValueKind != JsonValueKind.Array)
            yield break;
        var path = At(name);
        var index = 0;
        foreach (var item in list.EnumerateArray())
            yield return new Node(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"));
    }

    /// <summary>A copy of a member that is an object; an empty one when there is none.</summary>
    public JsonObject Copy(string name) => Object(name) is { } node ? JsonObject.Create(node.Element.Clone())! : [];

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(name, out value);
    }

    private static string? TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
