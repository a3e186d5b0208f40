namespace ModelGenerator.Video;

public sealed class PatchBasisTests
{
    private const int Most = 16;

    private static readonly Lazy<PatchBasis> Basis = new(() => PatchBasis.Of(Most));

    [Fact]
    public void Weights_AllDirections_AreOrthonormal()
    {
        var vectors = Basis.Value.Weights(1).Chunk(LatentGrid.Patch).ToArray();

        for (var i = 0; i < Most; i++)
        for (var j = 0; j < Most; j++)
        {
            var product = vectors[i].Zip(vectors[j], (a, b) => (double)a * b).Sum();
            Assert.Equal(i == j ? 1 : 0, product, tolerance: 1e-5);
        }
        // Up to what rounding makes of two that are equally large.
        Assert.All(vectors, vector => Assert.InRange(vector.Max(), vector.Max(Math.Abs) - 1e-6f, 1));
    }

    [Theory]
    [InlineData(8, 29.9)]
    [InlineData(12, 31.6)]
    [InlineData(14, 32.2)]
    [InlineData(16, 32.7)]
    public void Encode_MoreDirections_KeepsMoreOfTheClips(int count, double expected)
    {
        var basis = Basis.Value.First(count);

        var psnr = Clip.All.Take(Clip.Motions).Average(clip => Psnr(basis, clip));

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} directions: {psnr:F2} dB");
        Assert.Equal(expected, psnr, tolerance: 0.15);
    }

    // Red: every plane has the mask times .8, whatever its sign; and the decoder's grey.
    private static double Psnr(PatchBasis basis, Clip clip)
    {
        const double Grey = 1 / 255.0;
        var vectors = basis.Weights(1).Chunk(LatentGrid.Patch).ToArray();
        var mask = ClipRenderer.Mask(clip.Shape, clip.Direction, Clip.FullSize);
        var error = 0.0;
        var count = 0;
        var place = 0;
        foreach (var patch in LatentGrid.Patches(mask, Clip.FullSize))
        {
            var latents = basis.Encode(patch);
            // The first patches in time begin with three copies of the first frame, which are not shown.
            var isFirst = place++ < LatentGrid.FullSide * LatentGrid.FullSide;
            var first = isFirst ? LatentGrid.Patch / LatentGrid.Temporal * (LatentGrid.Temporal - 1) : 0;
            for (var i = first; i < patch.Length; i++)
            {
                var coded = vectors.Select((vector, kind) => vector[i] * latents[kind]).Sum() / LatentGrid.Scale;
                foreach (var value in Palette.Of(ClipColour.Red))
                    error += Math.Pow(value * (coded - patch[i]) + Grey, 2);
                count += Palette.Planes;
            }
        }
        return 10 * Math.Log10(4 * count / error);
    }
}
