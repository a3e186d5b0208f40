namespace ModelGenerator.Video;

/// <summary>The token-shifted schedule of LTX-2, written down once more, to run the models with.</summary>
internal static class Schedule
{
    private const double Tokens = 4096;

    internal static double[] Ltx(int steps)
    {
        var shift = Math.Exp(0.95 + (Tokens - 1024) * 1.1 / 3072);
        var shifted = Enumerable
            .Range(0, steps)
            .Select(i => 1 - (double)i / steps)
            .Select(sigma => shift / (shift + 1 / sigma - 1))
            .ToArray();
        var stretch = steps == 1 ? 1 : (1 - 0.1) / (1 - shifted[^1]);
        return [.. shifted.Select(sigma => 1 - (1 - sigma) * stretch), 0];
    }
}
