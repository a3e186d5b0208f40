namespace ModelGenerator.Video;

/// <summary>What a clip shows, read from its pixels alone.</summary>
/// <param name="Colour">The colour of the palette that is nearest to the shape's.</param>
/// <param name="Shape">Square, circle or triangle; a diamond fills its frame like a triangle and is taken for one.</param>
/// <param name="Direction">Where the shape went from the first frame to the last.</param>
/// <param name="MeanColour">Red, green and blue, the mean over all pixels of the shape.</param>
/// <param name="FillRatio">How much of the smallest upright rectangle around it the shape fills, in the middle frame by that.</param>
/// <param name="TravelX">How many pixels the shape went to the right.</param>
/// <param name="TravelY">How many pixels the shape went down.</param>
public sealed record ClipReading(
    ClipColour Colour,
    ClipShape Shape,
    ClipDirection Direction,
    IReadOnlyList<double> MeanColour,
    double FillRatio,
    double TravelX,
    double TravelY
)
{
    // A pixel belongs to the shape where a plane is further than this from the grey of the background.
    private const double Foreground = 0.4;

    // Between triangles (.52 to .56), circles (.76) and squares (.96 and more).
    private const double LeastCircle = 0.70;
    private const double LeastSquare = 0.86;

    /// <summary>The clip that it is taken for.</summary>
    public Clip Clip => new(Colour, Shape, Direction);

    /// <summary>Reads a clip.</summary>
    /// <param name="video">Values in the order [plane, frame, y, x].</param>
    /// <param name="size">The pixels along each side.</param>
    /// <returns>Null if a frame shows nothing.</returns>
    public static ClipReading? Of(ReadOnlySpan<float> video, int size)
    {
        var pixels = size * size;
        var frames = video.Length / (Palette.Planes * pixels);
        var sums = new double[Palette.Planes];
        var count = 0;
        var fills = new double[frames];
        var centres = new (double X, double Y)[frames];
        for (var frame = 0; frame < frames; frame++)
        {
            var area = 0;
            var (left, right, top, bottom) = (size, -1, size, -1);
            var (sumX, sumY) = (0L, 0L);
            for (var i = 0; i < pixels; i++)
            {
                if (!IsForeground(video, frames, pixels, frame, i))
                    continue;
                var (x, y) = (i % size, i / size);
                area++;
                (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
                (sumX, sumY) = (sumX + x, sumY + y);
                for (var plane = 0; plane < Palette.Planes; plane++)
                    sums[plane] += video[(plane * frames + frame) * pixels + i];
            }
            if (area == 0)
                return null;
            count += area;
            fills[frame] = (double)area / ((right - left + 1) * (bottom - top + 1));
            centres[frame] = ((double)sumX / area, (double)sumY / area);
        }
        var mean = Array.ConvertAll(sums, sum => sum / count);
        Array.Sort(fills);
        var fill = fills[frames / 2];
        var (dx, dy) = (centres[^1].X - centres[0].X, centres[^1].Y - centres[0].Y);
        return new ClipReading(NearestColour(mean), ShapeOf(fill), DirectionOf(dx, dy), mean, fill, dx, dy);
    }

    private static bool IsForeground(ReadOnlySpan<float> video, int frames, int pixels, int frame, int pixel)
    {
        for (var plane = 0; plane < Palette.Planes; plane++)
            if (Math.Abs(video[(plane * frames + frame) * pixels + pixel]) > Foreground)
                return true;
        return false;
    }

    private static ClipColour NearestColour(double[] mean) =>
        Enum.GetValues<ClipColour>()
            .MinBy(colour => mean.Zip(Palette.Of(colour), (value, wanted) => (value - wanted) * (value - wanted)).Sum());

    private static ClipShape ShapeOf(double fill) =>
        fill switch
        {
            >= LeastSquare => ClipShape.Square,
            >= LeastCircle => ClipShape.Circle,
            _ => ClipShape.Triangle,
        };

    private static ClipDirection DirectionOf(double dx, double dy) =>
        Math.Abs(dx) >= Math.Abs(dy)
            ? (dx >= 0 ? ClipDirection.Right : ClipDirection.Left)
            : (dy >= 0 ? ClipDirection.Down : ClipDirection.Up);
}
