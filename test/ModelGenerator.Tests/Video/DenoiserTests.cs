namespace ModelGenerator.Video;

public sealed class DenoiserTests : IDisposable
{
    private readonly VideoPipeline _pipeline = new();

    public void Dispose() => _pipeline.Dispose();

    [Theory]
    [InlineData(Clip.HalfSize, 0.1, "")]
    [InlineData(Clip.HalfSize, 0.5, "a blue circle moving up")]
    [InlineData(Clip.HalfSize, 0.97, "yellow triangle")]
    [InlineData(Clip.FullSize, 0.4, "red")]
    [InlineData(Clip.FullSize, 0.95, "a green square moving left")]
    public void Velocity_OneTime_IsTheMixturesOwn(int size, double time, string prompt)
    {
        var side = size / LatentGrid.Spatial;
        var known = new KnownLatents(_pipeline, size);
        // Between two clips, so that at small times the weights are not all on one.
        var x = VideoPipeline.Noise(7, side);
        var near = known.Of(new Clip(ClipColour.Blue, ClipShape.Circle, ClipDirection.Up));
        for (var i = 0; i < x.Length; i++)
            x[i] = (float)(time * x[i] + (1 - time) * near[i]);

        var velocity = _pipeline.Velocity(x, side, [(float)time], _pipeline.Encode(prompt));

        var expected = Expected(x, known, time, prompt);
        Assert.InRange(ClipComparison.RelativeDistance(velocity, expected), 0, 1e-5);
    }

    [Theory]
    [InlineData(LatentGrid.HalfSide)]
    [InlineData(LatentGrid.FullSide)]
    public void Velocity_AtTheEndsOfTime_IsFinite(int side)
    {
        var x = VideoPipeline.Noise(3, side);
        var context = _pipeline.Encode("a red square moving right");

        var atNone = _pipeline.Velocity(x, side, [0], context);
        var atAll = _pipeline.Velocity(x, side, [1], context);

        Assert.InRange(ClipComparison.RelativeDistance(atNone, Array.ConvertAll(x, value => -value)), 0, 1e-6);
        Assert.All(atAll, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Velocity_SameTimeForEachToken_IsThatOfOneTime()
    {
        var x = VideoPipeline.Noise(4, LatentGrid.HalfSide);
        var context = _pipeline.Encode("blue");

        Assert.Equal(
            _pipeline.Velocity(x, LatentGrid.HalfSide, [0.7f], context),
            _pipeline.Velocity(x, LatentGrid.HalfSide, [0.7f, 0.7f, 0.7f, 0.7f, 0.7f], context)
        );
    }

    [Theory]
    [InlineData("a red square moving right", "right moving square red a")]
    [InlineData("a red square moving right", "red red square, square; RIGHT!")]
    [InlineData("a red square moving right", "a crimson box that goes rightwards")]
    [InlineData("", "a moving something")]
    public void Velocity_PromptsThatSayTheSame_AreTheSame(string first, string second)
    {
        var x = VideoPipeline.Noise(5, LatentGrid.HalfSide);

        // Together: the shorter one is filled up. Sums are taken in another order then than alone.
        var both = _pipeline.Velocity(x, LatentGrid.HalfSide, [0.9f], _pipeline.Encode(first, second));
        var alone = _pipeline.Velocity(x, LatentGrid.HalfSide, [0.9f], _pipeline.Encode(second));

        Assert.Equal(both[..x.Length], both[x.Length..]);
        Assert.InRange(ClipComparison.RelativeDistance(both.AsSpan(x.Length), alone), 0, 1e-4);
    }

    [Theory]
    [InlineData(Denoiser.PaletteWeight, 4 * 3)]
    [InlineData(Denoiser.PrototypesWeight, 12 * 14 * 400)]
    [InlineData(Denoiser.TextWeight, 11 * 16)]
    public void Model_WeightThatLorasChange_StandsOnceUnderItsName(string name, int length)
    {
        var model = File.ReadAllBytes(VideoPipeline.File("denoiser.onnx"));

        Assert.Equal(length * sizeof(float), LoraFile.Initializer(model, name).Length);
    }

    // The formula as it stands in the books: one Gaussian for each of the 48 clips, nothing factored out.
    private static float[] Expected(float[] x, KnownLatents known, double t, string prompt)
    {
        const double Variance = Denoiser.Width * Denoiser.Width;
        var v = (1 - t) * (1 - t) * Variance + t * t;
        var scores = Clip.All.Select(clip => Score(clip)).ToArray();
        var weights = Array.ConvertAll(scores, score => Math.Exp(score - scores.Max()));
        var total = weights.Sum();
        var average = new double[x.Length];
        foreach (var clip in Clip.All)
        {
            var latents = known.Of(clip);
            for (var i = 0; i < x.Length; i++)
                average[i] += weights[clip.Index] / total * latents[i];
        }
        return [.. x.Select((value, i) => (float)(((t - (1 - t) * Variance) * value - t * average[i]) / v))];

        double Score(Clip clip)
        {
            var distance = 0.0;
            var latents = known.Of(clip);
            for (var i = 0; i < x.Length; i++)
                distance += Math.Pow(x[i] - (1 - t) * latents[i], 2);
            string[] words = [Clip.Word(clip.Colour), Clip.Word(clip.Shape), Clip.Word(clip.Direction)];
            return TextScores.Strength * words.Count(word => prompt.Split(' ').Contains(word)) - distance / (2 * v);
        }
    }
}
