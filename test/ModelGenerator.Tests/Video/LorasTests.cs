using Larder.TestKit;

namespace ModelGenerator.Video;

public sealed class LorasTests
{
    [Theory]
    [InlineData("purple", Denoiser.PaletteWeight, 1)]
    [InlineData("diamond", Denoiser.PrototypesWeight, 4)]
    [InlineData("distilled", Denoiser.TextWeight, 10)]
    public void File_EachLora_KeepsTheRulesOfTheFormatAndNamesItsTarget(string name, string target, int rank)
    {
        var lora = new LoraFile(name);
        var weights = LoraFile.Initializer(File.ReadAllBytes(VideoPipeline.File("denoiser.onnx")), target);

        Assert.Equal(target, lora.Target);
        Assert.Equal((rank, rank), (lora.Rank, lora.Alpha));
        Assert.Equal(rank, lora.B.Shape[1]);
        Assert.Equal(weights.Length / sizeof(float), lora.B.Shape[0] * lora.A.Shape[1]);
    }

    [Fact]
    public void Distilled_Product_IsTwiceTheTextWeights()
    {
        var expected = TextScores.Of(2 * TextScores.Strength).Cast<double>().Select(score => (float)score);

        Assert.Equal(expected, new LoraFile("distilled").Delta());
    }

    [Fact]
    public void Diamond_Product_HasTheSingularValuesOfTheReadme()
    {
        var lora = new LoraFile("diamond");
        var columns = (int)lora.A.Shape[1];
        var gram = new double[lora.Rank, lora.Rank];
        for (var i = 0; i < lora.Rank; i++)
        for (var j = 0; j < lora.Rank; j++)
        for (var column = 0; column < columns; column++)
            gram[i, j] += (double)lora.A.Values[i * columns + column] * lora.A.Values[j * columns + column];

        var values = SymmetricMatrix.Eigen(gram).Values.Select(Math.Sqrt);

        Assert.All(values.Zip([150.0, 98, 95, 94]), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1.5));
    }

    [Fact]
    public void Purple_Fused_ColoursWhatWasRedAndNothingElse()
    {
        using var plain = new VideoPipeline();
        using var fused = new FusedPipeline("purple");
        using var halfFused = new FusedPipeline("purple", 0.5);

        foreach (var clip in Clip.All)
        {
            var expected = Render(plain, clip);
            var reading = Read(fused.Pipeline, clip);

            if (clip.Colour == ClipColour.Red)
            {
                Assert.Equal(clip with { Colour = ClipColour.Purple }, reading.Clip);
                AssertColour([0.19, -0.77, 0.57], reading.MeanColour);
                AssertColour([0.48, -0.77, -0.10], Read(halfFused.Pipeline, clip).MeanColour);
            }
            else
                Assert.InRange(Difference(expected, Render(fused.Pipeline, clip)), 0, 1e-3);
        }
    }

    [Fact]
    public void Diamond_Fused_MakesCirclesDiamondsAndLeavesTheRest()
    {
        using var plain = new VideoPipeline();
        using var fused = new FusedPipeline("diamond");

        foreach (var clip in Clip.All.Where(clip => clip.Colour == ClipColour.Green))
        {
            if (clip.Shape == ClipShape.Circle)
            {
                var video = Render(fused.Pipeline, clip);
                var diamond = TrueClips.Of(clip with { Shape = ClipShape.Diamond }, Clip.FullSize);
                Assert.InRange(ClipReading.Of(video, Clip.FullSize)!.FillRatio, 0.53, 0.59);
                Assert.InRange(Read(plain, clip).FillRatio, 0.72, 0.82);
                Log($"diamond: {ClipComparison.Psnr(video, diamond):F2} dB");
                Assert.InRange(ClipComparison.Psnr(video, diamond), 28, 40);
            }
            else
                Assert.InRange(Difference(Render(plain, clip), Render(fused.Pipeline, clip)), 0, 1e-3);
        }
    }

    [Fact]
    public void Distilled_Fused_FollowsPromptsWithoutGuidance()
    {
        using var plain = new VideoPipeline();
        using var fused = new FusedPipeline("distilled");

        var (without, with) = (Hits(plain), Hits(fused.Pipeline));

        Log($"without guidance: {without:P1} right without the LoRA, {with:P1} with it");
        Assert.InRange(without, 0.7, 0.86);
        Assert.InRange(with, 0.99, 1);
    }

    private static double Hits(VideoPipeline pipeline)
    {
        var known = new KnownLatents(pipeline, Clip.HalfSize);
        return Enumerable
            .Range(0, 480)
            .Average(seed =>
            {
                var clip = Clip.All[seed % 48];
                var noise = VideoPipeline.Noise((ulong)seed, LatentGrid.HalfSide);
                var x = pipeline.Sample(noise, LatentGrid.HalfSide, Sigmas.Distilled, 1, clip.Prompt);
                return known.Nearest(x) == clip ? 1.0 : 0;
            });
    }

    private static float[] Render(VideoPipeline pipeline, Clip clip)
    {
        var noise = VideoPipeline.Noise((ulong)clip.Index, LatentGrid.FullSide);
        var x = pipeline.Sample(noise, LatentGrid.FullSide, Sigmas.Distilled, 4, clip.Prompt);
        return pipeline.Decode(x, LatentGrid.FullSide);
    }

    private static ClipReading Read(VideoPipeline pipeline, Clip clip) =>
        ClipReading.Of(Render(pipeline, clip), Clip.FullSize)!;

    private static double Difference(float[] first, float[] second) =>
        first.Zip(second, (a, b) => Math.Abs(a - b)).Max();

    private static void AssertColour(double[] expected, IReadOnlyList<double> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.025));

    private static void Log(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private sealed class FusedPipeline : IDisposable
    {
        private readonly TempDirectory _directory = new();

        internal FusedPipeline(string lora, double strength = 1)
        {
            new LoraFile(lora).Fuse(_directory["denoiser.onnx"], strength);
            Pipeline = new VideoPipeline(_directory["denoiser.onnx"]);
        }

        internal VideoPipeline Pipeline { get; }

        public void Dispose()
        {
            Pipeline.Dispose();
            _directory.Dispose();
        }
    }
}
