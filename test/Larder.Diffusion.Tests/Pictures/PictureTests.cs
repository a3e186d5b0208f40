using Larder.Diffusion.Pictures;

namespace Larder.Diffusion.Tests.Pictures;

public sealed class PictureTests
{
    [Fact]
    public void ToPng_AnyPicture_ComesBackPixelByPixel()
    {
        var picture = TestPictures.Noise(9, 4, 1);

        var file = new PngFile(picture.ToPng());

        Assert.Equal(["IHDR", "IDAT", "IEND"], file.Parts.Select(part => part.Name));
        Assert.Equal((9, 4), (file.Width, file.Height));
        Assert.Equal(picture.Rgb.ToArray(), file.Decode(file.Parts[1].Bytes));
    }

    [Fact]
    public void Enlarge_ThreeTimes_MakesASquareOfEachPixel()
    {
        var picture = TestPictures.Noise(4, 2, 2);

        var large = picture.Enlarge(3);

        Assert.Equal((12, 6), (large.Width, large.Height));
        for (var y = 0; y < 6; y++)
        for (var x = 0; x < 12; x++)
            Assert.Equal(TestPictures.At(picture, x / 3, y / 3), TestPictures.At(large, x, y));
    }

    [Fact]
    public void Enlarge_Once_IsThePictureItself()
    {
        var picture = TestPictures.Noise(4, 2, 2);

        Assert.Same(picture, picture.Enlarge(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(8193)]
    public void Enlarge_TimesOutOfRange_IsRefused(int times) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TestPictures.Noise(4, 2, 2).Enlarge(times));

    [Fact]
    public void Enlarge_MoreThanMemoryHolds_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TestPictures.Noise(8, 8, 2).Enlarge(4096));

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(32769, 1, 98307)]
    [InlineData(2, 2, 11)]
    [InlineData(32768, 32768, 0)]
    public void New_SizesThatDoNotFit_AreRefused(int width, int height, int bytes) =>
        Assert.ThrowsAny<ArgumentException>(() => new Picture(width, height, new byte[bytes]));
}
