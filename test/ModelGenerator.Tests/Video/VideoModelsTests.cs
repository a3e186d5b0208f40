namespace ModelGenerator.Video;

public sealed class VideoModelsTests : IDisposable
{
    private readonly VideoPipeline _pipeline = new();

    public void Dispose() => _pipeline.Dispose();

    [Fact]
    public void Decoder_EncodedClips_LoseLittle()
    {
        foreach (var (size, least) in new[] { (Clip.FullSize, 31.0), (Clip.HalfSize, 28.5) })
        {
            var psnr = Clip.All.Select(clip => Psnr(clip, size)).ToArray();

            Log($"{size} pixels: {psnr.Average():F2} dB, at least {psnr.Min():F2}");
            Assert.InRange(psnr.Min(), least, 40);
        }

        double Psnr(Clip clip, int size)
        {
            var truth = TrueClips.Of(clip, size);
            var coded = _pipeline.Decode(_pipeline.EncodeVideo(truth, size), size / LatentGrid.Spatial);
            Assert.Equal(clip, ClipReading.Of(coded, size)?.Clip);
            return ClipComparison.Psnr(coded, truth);
        }
    }

    [Fact]
    public void Encoder_ImageAlone_GivesTheFirstFrameOfItsClip()
    {
        var clip = Clip.All[30];
        var ofClip = _pipeline.EncodeVideo(TrueClips.Of(clip, Clip.FullSize), Clip.FullSize);

        var ofImage = _pipeline.EncodeVideo(TrueClips.FirstFrame(clip, Clip.FullSize), Clip.FullSize);

        const int Tokens = LatentGrid.FullSide * LatentGrid.FullSide;
        Assert.Equal(LatentGrid.Channels * Tokens, ofImage.Length);
        for (var channel = 0; channel < LatentGrid.Channels; channel++)
        for (var token = 0; token < Tokens; token++)
            Assert.Equal(
                ofClip[channel * LatentGrid.Frames * Tokens + token],
                ofImage[channel * Tokens + token],
                tolerance: 1e-4
            );
    }

    [Fact]
    public void Decoder_Nothing_IsTheGreyAboveTheMiddle()
    {
        var video = _pipeline.Decode(new float[LatentGrid.Channels * LatentGrid.Frames * 64], LatentGrid.FullSide);

        Assert.Equal(Palette.Planes * Clip.Frames * Clip.FullSize * Clip.FullSize, video.Length);
        Assert.All(video, value => Assert.Equal(1 / 255f, value));
    }

    [Fact]
    public void Decoder_LatentsTooLarge_StaysWithinTheColours()
    {
        var latents = Array.ConvertAll(VideoPipeline.Noise(1, LatentGrid.HalfSide), value => 100 * value);

        Assert.All(_pipeline.Decode(latents, LatentGrid.HalfSide), value => Assert.InRange(value, -1, 1));
    }

    [Fact]
    public void Upsampler_EncodedClips_GivesTheirFullLatentsRoughly()
    {
        var small = new KnownLatents(_pipeline, Clip.HalfSize);
        var large = new KnownLatents(_pipeline, Clip.FullSize);

        var errors = Clip
            .All.Select(clip => ClipComparison.RelativeDistance(_pipeline.Upsample(small.Of(clip)), large.Of(clip)))
            .ToArray();

        Log($"relative error {errors.Average():F3}, at most {errors.Max():F3}");
        Assert.InRange(errors.Average(), 0.15, 0.22);
        Assert.All(Clip.All, clip => Assert.Equal(clip, large.Nearest(_pipeline.Upsample(small.Of(clip)))));
    }

    [Fact]
    public void TextEncoder_Words_GivesWhatTheyMean()
    {
        var context = _pipeline.Encode("crimson, a ball going UPWARDS");

        Assert.Equal([1, 3, Vocabulary.Meanings], context.Shape);
        Assert.Equal(
            ["10000000000", "00000100000", "00000000010"],
            context.Data.ToArray().Chunk(Vocabulary.Meanings).Select(row => string.Concat(row))
        );
    }

    [Fact]
    public void TextEncoder_NoKnownWord_GivesZeros() =>
        Assert.All(_pipeline.Encode("").Data.ToArray(), value => Assert.Equal(0, value));

    private static void Log(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
