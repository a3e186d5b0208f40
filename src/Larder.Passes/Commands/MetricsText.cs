using System.Text.Json;
using Larder.Content;

namespace Larder.Passes.Commands;

/// <summary>Figures as a program tells them: one JSON object of numbers.</summary>
internal static class MetricsText
{
    private const int MaxSizeBytes = 1 << 20;
    private const int MaxNameLength = 128;

    /// <summary>Reads the figures from their file where there is one, else from the last line of standard output.</summary>
    /// <exception cref="PassException">Neither has them.</exception>
    public static IReadOnlyDictionary<string, double> Read(string file, string lastLine)
    {
        if (File.Exists(file))
            return new FileInfo(file).Length <= MaxSizeBytes
                ? Parse(File.ReadAllText(file), "The file of its figures ({metrics})")
                : throw Refused("The file of its figures ({metrics})", $"has more than {MaxSizeBytes} bytes");
        return lastLine.Length > 0
            ? Parse(lastLine, "The last line of its output")
            : throw Refused("Its output", "is empty, and it wrote nothing to {metrics}");
    }

    private static Dictionary<string, double> Parse(string json, string where)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Refused(where, $"is no object: {Printable.Quote(json.Trim())}");
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.Name.Length is 0 or > MaxNameLength)
                    throw Refused(where, $"has a figure whose name has not 1 to {MaxNameLength} letters");
                if (
                    member.Value.ValueKind != JsonValueKind.Number
                    || !member.Value.TryGetDouble(out var figure)
                    || !double.IsFinite(figure)
                )
                    throw Refused(where, $"has {Printable.Quote(member.Name)}, which is no number");
                if (!figures.TryAdd(member.Name, figure))
                    throw Refused(where, $"has {Printable.Quote(member.Name)} twice");
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw Refused(where, $"is no JSON: {Printable.Quote(json.Trim())}");
        }
        return figures.Count > 0 ? figures : throw Refused(where, "has no figure in it");
    }

    private static PassException Refused(string where, string what) =>
        new(
            PassFailure.Permanent,
            $$"""{{where}} {{what}}. One JSON object of numbers is expected, such as {"accuracy": 0.93}."""
        );
}
