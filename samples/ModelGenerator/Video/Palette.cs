namespace ModelGenerator.Video;

/// <summary>Colours as red, green and blue, each from -1 to 1; the background is the grey in the middle, 0.</summary>
/// <remarks>
/// The four that the models know have one length around the grey. If one were longer, guidance would overshoot towards it in
/// the first, large steps, and it would win whatever the prompt says.
/// </remarks>
public static class Palette
{
    /// <summary>The number of colours that the models know, the first ones of <see cref="ClipColour"/>.</summary>
    public const int Count = 4;

    /// <summary>The numbers of a colour: red, green, blue.</summary>
    public const int Planes = 3;

    private static readonly double[][] Colours =
    [
        [0.8, -0.8, -0.8],
        [-0.8, 0.8, -0.8],
        [-0.8, -0.8, 0.8],
        [0.8, 0.8, -0.8],
        [0.2, -0.8, 0.6],
    ];

    /// <summary>Red, green and blue of a colour.</summary>
    public static IReadOnlyList<double> Of(ClipColour colour) => Colours[(int)colour];
}
