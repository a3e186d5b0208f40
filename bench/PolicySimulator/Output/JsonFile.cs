using System.Text.Json;
using PolicySimulator.Scores;

namespace PolicySimulator.Output;

/// <summary>The standings as a JSON file, beside the target.</summary>
internal static class JsonFile
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="contests">What was played.</param>
    /// <param name="targetKept">Whether the target was kept; null when what was played is not what it is set for.</param>
    public static void Write(string path, IReadOnlyList<Contest> contests, bool? targetKept)
    {
        var document = new
        {
            Traces = contests,
            Target = Target.MostOfLru,
            TargetKept = targetKept,
        };
        File.WriteAllText(path, JsonSerializer.Serialize(document, Format) + "\n");
    }
}
