namespace Larder.Content.Pictures;

/// <summary>What a PNG file shows.</summary>
/// <param name="Width">The pixels in a row.</param>
/// <param name="Height">The rows.</param>
/// <param name="Channels">1 for shades of gray, 3 for red, green, blue, 4 for these and how opaque.</param>
/// <param name="Pixels">Row by row from the top, each pixel's channels together.</param>
internal sealed record PngPicture(int Width, int Height, int Channels, ReadOnlyMemory<byte> Pixels);
