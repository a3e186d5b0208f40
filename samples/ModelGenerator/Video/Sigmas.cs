namespace ModelGenerator.Video;

/// <summary>Noise levels that stand fixed, as published for LTX-2.</summary>
internal static class Sigmas
{
    /// <summary>Eight steps, for the first stage or for a clip in one stage.</summary>
    internal static IReadOnlyList<double> Distilled { get; } =
    [1.0, 0.99375, 0.9875, 0.98125, 0.975, 0.909375, 0.725, 0.421875, 0.0];

    /// <summary>Three steps, for the second stage.</summary>
    internal static IReadOnlyList<double> SecondStage { get; } = [0.909375, 0.725, 0.421875, 0.0];

    /// <summary>Two steps, for a second stage that is spread over several processors.</summary>
    internal static IReadOnlyList<double> SecondStageInTwoSteps { get; } = [0.625, 0.4, 0.0];
}
