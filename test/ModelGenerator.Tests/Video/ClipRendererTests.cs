namespace ModelGenerator.Video;

public sealed class ClipRendererTests
{
    public static TheoryData<ClipShape> Shapes => [.. Enum.GetValues<ClipShape>()];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Mask_EachShape_HasTheSameAreaInEveryFrame(ClipShape shape)
    {
        foreach (var direction in Enum.GetValues<ClipDirection>())
        {
            var frames = ClipRenderer.Mask(shape, direction, Clip.FullSize).Chunk(Clip.FullSize * Clip.FullSize);

            Assert.All(frames, frame => Assert.InRange(frame.Sum(), 570, 582));
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Mask_FirstFrame_TellsNothingOfTheDirection(ClipShape shape)
    {
        var first = Enum.GetValues<ClipDirection>()
            .Select(direction => ClipRenderer.Mask(shape, direction, Clip.HalfSize)[..(32 * 32)])
            .ToArray();

        Assert.All(first, frame => Assert.Equal(first[0], frame));
    }

    [Fact]
    public void Render_EachClip_IsReadAsWhatItIs()
    {
        foreach (var clip in Clip.All)
        {
            foreach (var size in new[] { Clip.FullSize, Clip.HalfSize })
            {
                var reading = ClipReading.Of(TrueClips.Of(clip, size), size);

                Assert.Equal(clip, reading?.Clip);
                var travel = Math.Max(Math.Abs(reading!.TravelX), Math.Abs(reading.TravelY)) * Clip.FullSize / size;
                Assert.InRange(travel, 13.2, 14.1);
            }
        }
    }
}
