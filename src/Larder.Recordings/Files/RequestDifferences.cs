using System.Globalization;
using System.Text.Json;
using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>Where two requests differ, and how much of them is alike.</summary>
internal sealed class RequestDifferences
{
    private const string Root = "$";

    private readonly List<RequestDifference> _all = [];

    private RequestDifferences() { }

    /// <summary>The places, in the order of the documents.</summary>
    public IReadOnlyList<RequestDifference> All => _all;

    /// <summary>How many values without parts of their own are alike.</summary>
    public int Alike { get; private set; }

    /// <summary>One sentence when the call is the same and only what answers it is not; null when more differs.</summary>
    public string? OutsideArguments
    {
        get
        {
            var parts = _all.Select(difference => PartOf(difference.Path)).Distinct(StringComparer.Ordinal).ToList();
            if (parts.Count == 0 || parts.Contains(null, StringComparer.Ordinal))
                return null;
            return $"only {string.Join(" and ", parts)} {(parts.Count == 1 ? "differs" : "differ")}";
        }
    }

    /// <summary>Compares two requests.</summary>
    public static RequestDifferences Of(JsonElement recorded, JsonElement asked)
    {
        var differences = new RequestDifferences();
        differences.Compare(Root, recorded, asked);
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

    private static string? PartOf(string path) =>
        path.Split('.', '[').ElementAtOrDefault(1) switch
        {
            "configuration" => "the configuration",
            "deployment" => "the deployment's name",
            "models" => "the model's digest",
            _ => null,
        };

    private static JsonElement? MemberOf(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) ? value : null;

    private static string Below(string path, string name) =>
        name.Length > 0 && name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit == '_')
            ? $"{path}.{name}"
            : $"{path}[{Printable.Quote(name)}]";
}
