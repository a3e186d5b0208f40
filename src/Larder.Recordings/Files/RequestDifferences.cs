using System.Globalization;
using System.Text.Json;
using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>Where two requests differ, and how much of them is alike.</summary>
internal sealed class RequestDifferences
{
    private readonly List<RequestDifference> _all = [];

    private RequestDifferences() { }

    /// <summary>The places, in the order of the documents.</summary>
    public IReadOnlyList<RequestDifference> All => _all;

    /// <summary>How many values without parts of their own are alike.</summary>
    public int Alike { get; private set; }

    /// <summary>Compares two requests.</summary>
    public static RequestDifferences Of(JsonElement recorded, JsonElement asked)
    {
        var differences = new RequestDifferences();
        differences.Compare("$", recorded, asked);
        return differences;
    }

    private void Compare(string path, JsonElement? recorded, JsonElement? asked)
    {
        switch (recorded?.ValueKind, asked?.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                CompareMembers(path, recorded.Value, asked.Value);
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                CompareItems(path, recorded.Value, asked.Value);
                break;
            case ({ }, { }) when JsonElement.DeepEquals(recorded.Value, asked.Value):
                Alike++;
                break;
            default:
                _all.Add(new RequestDifference(path, recorded, asked));
                break;
        }
    }

    private void CompareMembers(string path, JsonElement recorded, JsonElement asked)
    {
        var names = recorded.EnumerateObject().Concat(asked.EnumerateObject()).Select(member => member.Name);
        foreach (var name in names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            Compare(Below(path, name), MemberOf(recorded, name), MemberOf(asked, name));
    }

    private void CompareItems(string path, JsonElement recorded, JsonElement asked)
    {
        var (left, right) = (recorded.GetArrayLength(), asked.GetArrayLength());
        for (var i = 0; i < Math.Max(left, right); i++)
        {
            Compare(
                string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"),
                i < left ? recorded[i] : null,
                i < right ? asked[i] : null
            );
        }
    }

    private static JsonElement? MemberOf(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) ? value : null;

    private static string Below(string path, string name) =>
        name.Length > 0 && name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit == '_')
            ? $"{path}.{name}"
            : $"{path}[{Printable.Quote(name)}]";
}
