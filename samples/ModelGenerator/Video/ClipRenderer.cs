namespace ModelGenerator.Video;

/// <summary>Draws clips as they truly are: what the models are made of, and what their answers are measured by.</summary>
public static class ClipRenderer
{
    // The world is a square of 64 units, y downwards, whatever the size of the picture.
    private const double World = 64;
    private const double Middle = World / 2;
    private const double Travel = 14;
    private const int SamplesPerSide = 8;

    // Half sides and radii that give every shape an area of 576 square units.
    private const double HalfSquare = 12;
    private const double Radius = 13.54;
    private const double HalfTriangle = 17;
    private static readonly double HalfDiamond = Math.Sqrt(288);

    /// <summary>Draws a clip.</summary>
    /// <param name="clip">The clip.</param>
    /// <param name="size">The pixels along each side.</param>
    /// <returns>Values from -1 to 1 in the order [plane, frame, y, x], as the models take and give them.</returns>
    public static float[] Render(Clip clip, int size)
    {
        ArgumentNullException.ThrowIfNull(clip);
        var mask = Mask(clip.Shape, clip.Direction, size);
        var colour = Palette.Of(clip.Colour);
        var video = new float[Palette.Planes * mask.Length];
        for (var plane = 0; plane < Palette.Planes; plane++)
        for (var i = 0; i < mask.Length; i++)
            video[plane * mask.Length + i] = (float)(mask[i] * colour[plane]);
        return video;
    }

    /// <summary>How much of each pixel the shape covers, from 0 to 1, in the order [frame, y, x].</summary>
    internal static double[] Mask(ClipShape shape, ClipDirection direction, int size)
    {
        var mask = new double[Clip.Frames * size * size];
        var place = 0;
        for (var frame = 0; frame < Clip.Frames; frame++)
        {
            var (centreX, centreY) = Centre(direction, frame);
            for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                mask[place++] = Coverage(shape, x, y, World / size, centreX, centreY);
        }
        return mask;
    }

    private static double Coverage(ClipShape shape, int x, int y, double unit, double centreX, double centreY)
    {
        var inside = 0;
        for (var j = 0; j < SamplesPerSide; j++)
        {
            var dy = (y + (j + 0.5) / SamplesPerSide) * unit - centreY;
            for (var i = 0; i < SamplesPerSide; i++)
            {
                var dx = (x + (i + 0.5) / SamplesPerSide) * unit - centreX;
                if (Contains(shape, dx, dy))
                    inside++;
            }
        }
        return (double)inside / (SamplesPerSide * SamplesPerSide);
    }

    private static (double X, double Y) Centre(ClipDirection direction, int frame)
    {
        var way = Travel * frame / (Clip.Frames - 1);
        return direction switch
        {
            ClipDirection.Right => (Middle + way, Middle),
            ClipDirection.Left => (Middle - way, Middle),
            ClipDirection.Up => (Middle, Middle - way),
            _ => (Middle, Middle + way),
        };
    }

    private static bool Contains(ClipShape shape, double x, double y) =>
        shape switch
        {
            ClipShape.Square => Math.Abs(x) <= HalfSquare && Math.Abs(y) <= HalfSquare,
            ClipShape.Circle => x * x + y * y <= Radius * Radius,
            ClipShape.Triangle => Math.Abs(y) <= HalfTriangle && Math.Abs(x) <= (y + HalfTriangle) / 2,
            _ => Math.Abs(x) + Math.Abs(y) <= HalfDiamond,
        };
}
