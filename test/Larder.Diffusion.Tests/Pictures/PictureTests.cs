using Larder.Content.Pictures;
using Larder.Diffusion.Pictures;
using Larder.TestKit;

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
        Assert.Equal(picture.Rgb.ToArray(), Assert.Single(file.Pictures()));
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

    [Fact]
    public void Shrink_WhatWasEnlarged_IsThePictureAgain()
    {
        var picture = TestPictures.Noise(4, 2, 2);

        var back = picture.Enlarge(3).Shrink(3);

        Assert.Equal((4, 2), (back.Width, back.Height));
        Assert.Equal(picture.Rgb.ToArray(), back.Rgb.ToArray());
    }

    [Fact]
    public void Shrink_SquareOfSeveralColours_IsItsMean()
    {
        var picture = new Picture(2, 2, new byte[] { 0, 10, 255, 100, 20, 255, 0, 30, 255, 101, 41, 255 });

        Assert.Equal([50, 25, 255], picture.Shrink(2).Rgb.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Shrink_SidesThatAreNoMultiples_AreRefused(int times) =>
        Assert.ThrowsAny<ArgumentException>(() => TestPictures.Noise(4, 3, 2).Shrink(times));

    [Fact]
    public void FromPng_WhatWasWritten_IsThePicture()
    {
        var picture = TestPictures.Noise(9, 4, 1);

        var back = Picture.FromPng(picture.ToPng());

        Assert.Equal((9, 4), (back.Width, back.Height));
        Assert.Equal(picture.Rgb.ToArray(), back.Rgb.ToArray());
    }

    [Fact]
    public void FromPng_Animation_IsItsFirstPicture()
    {
        var (first, second) = (TestPictures.Noise(5, 3, 1), TestPictures.Noise(5, 3, 2));

        Assert.Equal(first.Rgb.ToArray(), Picture.FromPng(AnimatedPng.Write([first, second], 8)).Rgb.ToArray());
    }

    [Fact]
    public void FromPng_ShadesOfGrayAndOpaquePixels_AreRead()
    {
        Assert.Equal([7, 7, 7, 9, 9, 9], Picture.FromPng(PngWriter.Write(2, 1, 1, [7, 9])).Rgb.ToArray());
        Assert.Equal([1, 2, 3], Picture.FromPng(PngWriter.Write(1, 1, 4, [1, 2, 3, 255])).Rgb.ToArray());
    }

    [Fact]
    public void FromPng_TransparentPixels_AreRefused() =>
        Assert.Contains(
            "transparent",
            Assert
                .Throws<InvalidDataException>(() => Picture.FromPng(PngWriter.Write(1, 1, 4, [1, 2, 3, 254])))
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void FromPng_NoPng_IsRefused() =>
        Assert.Throws<InvalidDataException>(() => Picture.FromPng("GIF89a"u8.ToArray()));
}
