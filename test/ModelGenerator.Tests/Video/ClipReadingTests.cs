namespace ModelGenerator.Video;

public sealed class ClipReadingTests
{
    [Fact]
    public void Of_GreyFrameAmongOthers_IsNothing()
    {
        var video = (float[])TrueClips.Of(Clip.All[0], Clip.HalfSize).Clone();
        const int Pixels = Clip.HalfSize * Clip.HalfSize;
        for (var plane = 0; plane < Palette.Planes; plane++)
            video.AsSpan((plane * Clip.Frames + 5) * Pixels, Pixels).Clear();

        Assert.Null(ClipReading.Of(video, Clip.HalfSize));
    }

    [Fact]
    public void Of_Diamond_FillsHalfItsFrame()
    {
        var diamond = new Clip(ClipColour.Purple, ClipShape.Diamond, ClipDirection.Up);

        var reading = ClipReading.Of(TrueClips.Of(diamond, Clip.FullSize), Clip.FullSize)!;

        Assert.InRange(reading.FillRatio, 0.5, 0.6);
        Assert.Equal((ClipColour.Purple, ClipDirection.Up), (reading.Colour, reading.Direction));
    }
}
