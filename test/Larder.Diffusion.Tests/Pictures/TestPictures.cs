using Larder.Diffusion.Pictures;

namespace Larder.Diffusion.Tests.Pictures;

/// <summary>Pictures to write.</summary>
internal static class TestPictures
{
    public static Picture Noise(int width, int height, int seed)
    {
        var pixels = new byte[3 * width * height];
        new Random(seed).NextBytes(pixels);
        return new Picture(width, height, pixels);
    }

    public static Picture OneColour(int width, int height, byte red, byte green, byte blue) =>
        new(width, height, Enumerable.Repeat(new[] { red, green, blue }, width * height).SelectMany(x => x).ToArray());

    public static byte[] At(Picture picture, int x, int y) =>
        picture.Rgb.Slice(3 * ((y * picture.Width) + x), 3).ToArray();
}
