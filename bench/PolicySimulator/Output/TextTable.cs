using System.Globalization;
using PolicySimulator.Scores;

namespace PolicySimulator.Output;

/// <summary>The standings of a kind of trace as a Markdown table.</summary>
internal static class TextTable
{
    public static void Write(TextWriter output, Contest contest)
    {
        output.WriteLine($"\n### {contest.Name}\n");
        output.WriteLine("| policy | hit ratio | byte hit ratio | seconds waited | relative to lru | worst trace |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var row in contest.Standings)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {row.Policy} | {row.HitRatio:F3} | {row.ByteHitRatio:F3} | {row.SecondsWaited:N0} | {row.RelativeToLru:F3} | {row.WorstRelativeToLru:F3} |"
                )
            );
        }
    }
}
