using System.Globalization;

namespace Larder.Diffusion.Pictures;

/// <summary>The one size that all pictures of a clip have.</summary>
internal static class ClipSize
{
    /// <summary>The width and the height.</summary>
    /// <exception cref="ArgumentException">There are no pictures, or of several sizes.</exception>
    public static (int Width, int Height) Of(IReadOnlyList<Picture> pictures)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.Count == 0)
            throw new ArgumentException("There are no pictures.", nameof(pictures));
        var size = (pictures[0].Width, pictures[0].Height);
        for (var i = 1; i < pictures.Count; i++)
        {
            if ((pictures[i].Width, pictures[i].Height) != size)
                throw new ArgumentException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The picture {i} has {pictures[i].Width}×{pictures[i].Height} pixels, and the first {size.Width}×{size.Height}."
                    ),
                    nameof(pictures)
                );
        }
        return size;
    }
}
