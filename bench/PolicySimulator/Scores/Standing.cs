namespace PolicySimulator.Scores;

/// <summary>How a contender did in all traces of a kind: means over the traces, but for the worst.</summary>
internal sealed record Standing(
    string Policy,
    double HitRatio,
    double ByteHitRatio,
    double SecondsWaited,
    double RelativeToLru,
    double WorstRelativeToLru
);
