namespace ModelGenerator.Video;

/// <summary>The latents of one plane of every motion, for a colour of 1: a clip's latents are its colour times these.</summary>
internal sealed class Prototypes
{
    /// <summary>The tokens of both grids: those of the full one come first.</summary>
    internal const int Tokens = LatentGrid.FullTokens + LatentGrid.HalfTokens;

    // [motion][kind, token]
    private readonly double[][,] _motions;

    private Prototypes(double[][,] motions) => _motions = motions;

    internal static Prototypes Of(PatchBasis basis) =>
        new([
            .. Enumerable
                .Range(0, Clip.Motions)
                .Select(motion => Encode(basis, Clip.ShapeOf(motion), Clip.DirectionOf(motion))),
        ]);

    /// <summary>One motion's latents, [kind, token], also for a shape that the models do not know.</summary>
    internal static double[,] Encode(PatchBasis basis, ClipShape shape, ClipDirection direction)
    {
        var latents = new double[basis.Count, Tokens];
        var token = 0;
        foreach (var size in new[] { Clip.FullSize, Clip.HalfSize })
        foreach (var patch in LatentGrid.Patches(ClipRenderer.Mask(shape, direction, size), size))
        {
            var kinds = basis.Encode(patch);
            for (var kind = 0; kind < kinds.Length; kind++)
                latents[kind, token] = kinds[kind];
            token++;
        }
        return latents;
    }

    /// <summary>The latents of one motion at one token.</summary>
    internal double At(int motion, int kind, int token) => _motions[motion][kind, token];

    /// <summary>All of them, [motion, kind, token].</summary>
    internal float[] Weights() =>
        [.. _motions.SelectMany(latents => latents.Cast<double>().Select(value => (float)value))];
}
