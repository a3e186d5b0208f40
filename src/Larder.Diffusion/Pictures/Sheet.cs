namespace Larder.Diffusion.Pictures;

/// <summary>A picture that is being painted; black at first.</summary>
internal sealed class Sheet(int width, int height)
{
    private readonly byte[] _rgb = new byte[checked(Picture.Planes * width * height)];

    public int Width => width;

    public int Height => height;

    /// <summary>Paints pixels of a row, from this one to the right.</summary>
    public void Write(int x, int y, ReadOnlySpan<byte> rgb) =>
        rgb.CopyTo(_rgb.AsSpan(Picture.Planes * ((y * width) + x)));

    /// <summary>Paints all in one shade of gray.</summary>
    public void Fill(byte gray) => _rgb.AsSpan().Fill(gray);

    /// <summary>What was painted; it is not painted on afterwards.</summary>
    public Picture ToPicture() => new(width, height, _rgb);
}
