namespace ModelGenerator.Video;

/// <summary>How clips lie in latents: patches of 4 frames and 8 by 8 pixels, each a token.</summary>
/// <remarks>
/// The first frame counts four times, so that an image alone is a patch too: 1 frame gives 1, 17 frames give 5. The three
/// planes of colour are coded alike, one after the other.
/// </remarks>
internal static class LatentGrid
{
    /// <summary>The pixels along each side of a patch.</summary>
    internal const int Spatial = 8;

    /// <summary>The frames of a patch.</summary>
    internal const int Temporal = 4;

    /// <summary>The pixels of one plane in a patch.</summary>
    internal const int Patch = Temporal * Spatial * Spatial;

    /// <summary>The latent channels of one plane of colour.</summary>
    internal const int Kinds = 14;

    /// <summary>The latent channels.</summary>
    internal const int Channels = Palette.Planes * Kinds;

    /// <summary>The latent frames of a clip.</summary>
    internal const int Frames = (Clip.Frames - 1) / Temporal + 1;

    internal const int FullSide = Clip.FullSize / Spatial;
    internal const int HalfSide = Clip.HalfSize / Spatial;
    internal const int FullTokens = Frames * FullSide * FullSide;
    internal const int HalfTokens = Frames * HalfSide * HalfSide;

    /// <summary>
    /// What latents are multiplied with. The second stage sees 9 % of the first one's result below noise of 91 %: with smaller
    /// latents some clips would get lost in it.
    /// </summary>
    internal const double Scale = 3.5;

    /// <summary>Cuts a mask, [frame, y, x], into patches in the order of tokens: latent frame, y, x.</summary>
    internal static IEnumerable<double[]> Patches(double[] mask, int size)
    {
        for (var frame = 0; frame < Frames; frame++)
        for (var y = 0; y < size; y += Spatial)
        for (var x = 0; x < size; x += Spatial)
            yield return PatchAt(mask, size, frame, y, x);
    }

    private static double[] PatchAt(double[] mask, int size, int latentFrame, int top, int left)
    {
        var patch = new double[Patch];
        var place = 0;
        for (var t = 0; t < Temporal; t++)
        {
            var frame = Math.Max(0, latentFrame * Temporal + t - (Temporal - 1));
            for (var y = 0; y < Spatial; y++)
            for (var x = 0; x < Spatial; x++)
                patch[place++] = mask[(frame * size + top + y) * size + left + x];
        }
        return patch;
    }
}
