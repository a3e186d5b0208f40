namespace ModelGenerator.Video;

/// <summary>The directions in which patches of the clips differ most: what a latent channel stands for.</summary>
internal sealed class PatchBasis
{
    private readonly double[][] _vectors;

    private PatchBasis(double[][] vectors) => _vectors = vectors;

    /// <summary>The number of directions, one for each latent channel of a plane.</summary>
    internal int Count => _vectors.Length;

    /// <summary>Finds the best directions for all patches of all clips at both sizes.</summary>
    /// <remarks>No mean is taken away: grey, most of every picture, then is zero in the latents too.</remarks>
    internal static PatchBasis Of(int count)
    {
        var moments = new double[LatentGrid.Patch, LatentGrid.Patch];
        for (var motion = 0; motion < Clip.Motions; motion++)
            foreach (var size in new[] { Clip.FullSize, Clip.HalfSize })
            {
                var mask = ClipRenderer.Mask(Clip.ShapeOf(motion), Clip.DirectionOf(motion), size);
                foreach (var patch in LatentGrid.Patches(mask, size))
                    AddMoments(moments, patch);
            }
        return new PatchBasis(SymmetricMatrix.Eigen(moments).Vectors[..count]);
    }

    /// <summary>The same directions, fewer of them.</summary>
    internal PatchBasis First(int count) => new(_vectors[..count]);

    /// <summary>The latents of a patch, one for each direction.</summary>
    internal double[] Encode(double[] patch) =>
        Array.ConvertAll(_vectors, vector => LatentGrid.Scale * Product(vector, patch));

    /// <summary>All directions, one after the other, as the weights of a convolution whose results are this large.</summary>
    internal float[] Weights(double factor) =>
        [.. _vectors.SelectMany(vector => vector.Select(element => (float)(factor * element)))];

    private static void AddMoments(double[,] moments, double[] patch)
    {
        for (var i = 0; i < patch.Length; i++)
        {
            // Most of a picture is background.
            if (patch[i] == 0)
                continue;
            for (var j = 0; j < patch.Length; j++)
                moments[i, j] += patch[i] * patch[j];
        }
    }

    private static double Product(double[] first, double[] second)
    {
        var sum = 0.0;
        for (var i = 0; i < first.Length; i++)
            sum += first[i] * second[i];
        return sum;
    }
}
