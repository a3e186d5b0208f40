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
        var frames = new Frame[video.Length / (Palette.Planes * size * size)];
        for (var i = 0; i < frames.Length; i++)
        {
            frames[i] = Frame.Of(video, frames.Length, i, size);
            if (frames[i].Area == 0)
                return null;
        }
        var area = frames.Sum(frame => frame.Area);
        double[] mean =
        [
            .. Enumerable.Range(0, Palette.Planes).Select(plane => frames.Sum(frame => frame.Colours[plane]) / area),
        ];
        var fill = frames.Select(frame => frame.FillRatio).Order().ElementAt(frames.Length / 2);
        var (dx, dy) = (frames[^1].CentreX - frames[0].CentreX, frames[^1].CentreY - frames[0].CentreY);
        return new ClipReading(NearestColour(mean), ShapeOf(fill), DirectionOf(dx, dy), mean, fill, dx, dy);
    }

    private static ClipColour NearestColour(double[] mean) =>
        Enum.GetValues<ClipColour>()
            .MinBy(colour =>
                mean.Zip(Palette.Of(colour), (value, wanted) => (value - wanted) * (value - wanted)).Sum()
            );

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

    /// <summary>The shape in one picture: its pixels, the sum of their colours, the part of its rectangle, its centre.</summary>
    private readonly record struct Frame(int Area, double[] Colours, double FillRatio, double CentreX, double CentreY)
    {
        internal static Frame Of(ReadOnlySpan<float> video, int frames, int frame, int size)
        {
            var colours = new double[Palette.Planes];
            var area = 0;
            var (left, right, top, bottom) = (size, -1, size, -1);
            var (sumX, sumY) = (0.0, 0.0);
            for (var pixel = 0; pixel < size * size; pixel++)
            {
                if (!IsForeground(video, frames, frame, size, pixel))
                    continue;
                var (x, y) = (pixel % size, pixel / size);
                area++;
                (left, right) = (Math.Min(left, x), Math.Max(right, x));
                (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
                (sumX, sumY) = (sumX + x, sumY + y);
                for (var plane = 0; plane < Palette.Planes; plane++)
                    colours[plane] += video[(plane * frames + frame) * size * size + pixel];
            }
            var rectangle = (right - left + 1) * (bottom - top + 1);
            return new Frame(area, colours, (double)area / rectangle, sumX / area, sumY / area);
        }

        private static bool IsForeground(ReadOnlySpan<float> video, int frames, int frame, int size, int pixel)
        {
            for (var plane = 0; plane < Palette.Planes; plane++)
                if (Math.Abs(video[(plane * frames + frame) * size * size + pixel]) > Foreground)
                    return true;
            return false;
        }
    }
}
