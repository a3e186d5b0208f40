using System.Buffers.Binary;
using Larder.Diffusion.Pictures;
using Larder.TestKit;

namespace Larder.Diffusion.Tests.Pictures;

public sealed class AnimatedPngTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 7, 5)]
    [InlineData(17, 16, 9)]
    public void Write_AnyClip_ComesBackPixelByPixel(int count, int width, int height)
    {
        var pictures = Enumerable.Range(0, count).Select(seed => TestPictures.Noise(width, height, seed)).ToList();

        var file = new PngFile(AnimatedPng.Write(pictures, 8));

        Assert.Equal((width, height), (file.Width, file.Height));
        Assert.Equal(
            [
                "IHDR",
                "acTL",
                "fcTL",
                "IDAT",
                .. Enumerable.Repeat(new[] { "fcTL", "fdAT" }, count - 1).SelectMany(x => x),
                "IEND",
            ],
            file.Parts.Select(part => part.Name)
        );
        Assert.Equal([0, 0, 0, (byte)count, 0, 0, 0, 0], file.Parts[1].Bytes);
        Assert.Equal(pictures.Select(picture => picture.Rgb.ToArray()), file.Pictures());
    }

    [Fact]
    public void Write_Parts_AreNumberedInOneSequence()
    {
        var file = new PngFile(
            AnimatedPng.Write(
                [TestPictures.Noise(3, 2, 1), TestPictures.Noise(3, 2, 2), TestPictures.Noise(3, 2, 3)],
                8
            )
        );

        var numbers = file
            .Parts.Where(part => part.Name is "fcTL" or "fdAT")
            .Select(part => BinaryPrimitives.ReadInt32BigEndian(part.Bytes));
        Assert.Equal([0, 1, 2, 3, 4], numbers);
        Assert.All(
            file.Parts.Where(part => part.Name == "fcTL"),
            // Width, height, no offset; shown for 1/8 s; nothing is left or mixed.
            part => Assert.Equal([0, 0, 0, 3, 0, 0, 0, 2, .. new byte[8], 0, 1, 0, 8, 0, 0], part.Bytes[4..])
        );
    }

    [Fact]
    public void Write_Twice_GivesTheSameBytes()
    {
        IReadOnlyList<Picture> pictures = [TestPictures.Noise(5, 5, 1), TestPictures.Noise(5, 5, 2)];

        Assert.Equal(AnimatedPng.Write(pictures, 8), AnimatedPng.Write(pictures, 8));
    }

    [Theory]
    [InlineData(8, 1, 8)]
    [InlineData(1, 1, 1)]
    [InlineData(1000, 1, 1000)]
    [InlineData(23.976, 1000, 23976)]
    [InlineData(0.1, 10000, 1000)]
    [InlineData(0.75, 1333, 1000)]
    [InlineData(999.5, 65, 64968)]
    public void DelayOf_AnySpeed_IsAFractionOfSmallNumbers(double picturesPerSecond, int numerator, int denominator) =>
        Assert.Equal(((ushort)numerator, (ushort)denominator), AnimatedPng.DelayOf(picturesPerSecond));

    [Theory]
    [InlineData(0)]
    [InlineData(-8)]
    [InlineData(1001)]
    [InlineData(double.NaN)]
    public void Write_SpeedOutOfRange_IsRefused(double picturesPerSecond) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            AnimatedPng.Write([TestPictures.Noise(1, 1, 1)], picturesPerSecond)
        );

    [Fact]
    public void Write_NoPictures_IsRefused() => Assert.Throws<ArgumentException>(() => AnimatedPng.Write([], 8));

    [Fact]
    public void Write_SeveralSizes_NamesThePicture()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            AnimatedPng.Write([TestPictures.Noise(2, 2, 1), TestPictures.Noise(2, 3, 1)], 8)
        );

        Assert.StartsWith(
            "The picture 1 has 2×3 pixels, and the first 2×2.",
            refused.Message,
            StringComparison.Ordinal
        );
    }
}
