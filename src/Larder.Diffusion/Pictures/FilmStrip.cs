using System.Globalization;

namespace Larder.Diffusion.Pictures;

/// <summary>The pictures of a clip beside each other, for where nothing moves.</summary>
public static class FilmStrip
{
    private const byte Gap = 255;

    /// <summary>Puts pictures beside each other from left to right, in rows from the top, white between them.</summary>
    /// <param name="pictures">At least one, all of one size.</param>
    /// <param name="columns">How many stand in a row; null for all of them in one.</param>
    /// <param name="gap">The pixels between them; 2.</param>
    /// <exception cref="ArgumentException">There are none, or of several sizes, or the strip would be larger than a picture can be.</exception>
    public static Picture Of(IReadOnlyList<Picture> pictures, int? columns = null, int gap = 2)
    {
        var (width, height) = ClipSize.Of(pictures);
        var inRow = Math.Min(columns ?? pictures.Count, pictures.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(inRow, 1, nameof(columns));
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        var rows = (pictures.Count + inRow - 1) / inRow;
        var (across, down) = (Length(inRow, width, gap), Length(rows, height, gap));
        if (across > Picture.MaxSide || down > Picture.MaxSide || Picture.Planes * across * down > Array.MaxLength)
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The strip would have {across}×{down} pixels, which is more than a picture can have. Take fewer pictures, or more rows."
                ),
                nameof(pictures)
            );
        var strip = new Sheet((int)across, (int)down);
        strip.Fill(Gap);
        for (var i = 0; i < pictures.Count; i++)
        {
            var rgb = pictures[i].Rgb.Span;
            var (left, top) = (i % inRow * (width + gap), i / inRow * (height + gap));
            for (var y = 0; y < height; y++)
                strip.Write(left, top + y, rgb.Slice(Picture.Planes * width * y, Picture.Planes * width));
        }
        return strip.ToPicture();
    }

    private static long Length(int count, int size, int gap) => ((long)count * size) + ((count - 1L) * gap);
}
