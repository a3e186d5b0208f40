using Larder.Diffusion.Pictures;

namespace Larder.Diffusion.Tests.Pictures;

public sealed class FilmStripTests
{
    [Fact]
    public void Of_NoColumns_IsOneRowWithGaps()
    {
        var strip = FilmStrip.Of([TestPictures.OneColour(3, 2, 1, 2, 3), TestPictures.OneColour(3, 2, 4, 5, 6)]);

        Assert.Equal((8, 2), (strip.Width, strip.Height));
        Assert.Equal(
            [1, 1, 1, 255, 255, 4, 4, 4],
            Enumerable.Range(0, 8).Select(x => (int)TestPictures.At(strip, x, 1)[0])
        );
    }

    [Fact]
    public void Of_Columns_BreaksRowsAndLeavesTheLastWhite()
    {
        var pictures = Enumerable.Range(0, 5).Select(i => TestPictures.Noise(4, 3, i)).ToList();

        var strip = FilmStrip.Of(pictures, columns: 2, gap: 1);

        Assert.Equal((9, 11), (strip.Width, strip.Height));
        for (var i = 0; i < 5; i++)
        for (var y = 0; y < 3; y++)
        for (var x = 0; x < 4; x++)
            Assert.Equal(TestPictures.At(pictures[i], x, y), TestPictures.At(strip, (i % 2 * 5) + x, (i / 2 * 4) + y));
        Assert.Equal([255, 255, 255], TestPictures.At(strip, 8, 10));
    }

    [Fact]
    public void Of_MoreColumnsThanPictures_IsAsWideAsThePictures() =>
        Assert.Equal(4, FilmStrip.Of([TestPictures.Noise(4, 3, 1)], columns: 9).Width);

    [Fact]
    public void Of_TooManyPictures_SaysWhatToDo()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            FilmStrip.Of([.. Enumerable.Repeat(TestPictures.Noise(1000, 1, 1), 40)])
        );

        Assert.StartsWith("The strip would have 40078×1 pixels", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(-1, 2)]
    [InlineData(1, -1)]
    public void Of_SizesOutOfRange_AreRefused(int columns, int gap) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FilmStrip.Of([TestPictures.Noise(1, 1, 1)], columns, gap));
}
