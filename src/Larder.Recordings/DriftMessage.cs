namespace Larder.Recordings;

/// <summary>What is said of answers that have drifted.</summary>
internal static class DriftMessage
{
    public static string Of(IReadOnlyList<RecordingDrift> drifts) =>
        $"""
            {drifts.Count} {(drifts.Count == 1 ? "answer has" : "answers have")} drifted from what was recorded:
            {string.Join('\n', drifts.Select(Of))}
            Record anew what is meant to be so ({RecordingEnvironment.Save}=true), or widen RecordingsOptions.Tolerance.
            """.ReplaceLineEndings("\n");

    private static string Of(RecordingDrift drift) =>
        $"{drift.Method} ({drift.File})\n{string.Join('\n', drift.Differences.Select(difference => $"  {difference}"))}";
}
