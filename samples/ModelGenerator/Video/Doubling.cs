namespace ModelGenerator.Video;

/// <summary>The linear map that comes closest to making the full grid's latents out of the half one's, token by token.</summary>
internal sealed class Doubling
{
    // The tokens of the full grid that lie over one of the half grid.
    private const int Quarters = 4;

    // [kind, kind of the full grid * 4 + quarter]
    private readonly double[,] _map;

    private Doubling(double[,] map) => _map = map;

    /// <summary>Fits the map by least squares.</summary>
    internal static Doubling Fit(Prototypes prototypes)
    {
        var gram = new double[LatentGrid.Kinds, LatentGrid.Kinds];
        var moments = new double[LatentGrid.Kinds, LatentGrid.Kinds * Quarters];
        foreach (var (half, full) in Pairs(prototypes))
            for (var i = 0; i < half.Length; i++)
            {
                for (var j = 0; j < half.Length; j++)
                    gram[i, j] += half[i] * half[j];
                for (var j = 0; j < full.Length; j++)
                    moments[i, j] += half[i] * full[j];
            }
        return new Doubling(LinearSystem.Solve(gram, moments));
    }

    /// <summary>The weights of a transposed convolution, [kind, kind of the full grid, 1, 2, 2].</summary>
    internal float[] Weights() => [.. _map.Cast<double>().Select(value => (float)value)];

    // What one token of the half grid holds, and what the four over it do.
    private static IEnumerable<(double[] Half, double[] Full)> Pairs(Prototypes prototypes)
    {
        for (var motion = 0; motion < Clip.Motions; motion++)
        for (var frame = 0; frame < LatentGrid.Frames; frame++)
        for (var y = 0; y < LatentGrid.HalfSide; y++)
        for (var x = 0; x < LatentGrid.HalfSide; x++)
        {
            var half = new double[LatentGrid.Kinds];
            var full = new double[LatentGrid.Kinds * Quarters];
            var token = LatentGrid.FullTokens + (frame * LatentGrid.HalfSide + y) * LatentGrid.HalfSide + x;
            for (var kind = 0; kind < half.Length; kind++)
                half[kind] = prototypes.At(motion, kind, token);
            for (var i = 0; i < full.Length; i++)
            {
                var (kind, bottom, right) = (i / Quarters, i % Quarters / 2, i % 2);
                var over = (frame * LatentGrid.FullSide + 2 * y + bottom) * LatentGrid.FullSide + 2 * x + right;
                full[i] = prototypes.At(motion, kind, over);
            }
            yield return (half, full);
        }
    }
}
