namespace ModelGenerator.Video;

/// <summary>A clip of 17 square pictures: a shape of one colour moves from the middle into a direction.</summary>
/// <remarks>All begin in the middle: the first picture tells colour and shape, and nothing of the direction.</remarks>
public sealed record Clip(ClipColour Colour, ClipShape Shape, ClipDirection Direction)
{
    /// <summary>The pictures of a clip.</summary>
    public const int Frames = 17;

    /// <summary>The pixels along each side of a picture at full size.</summary>
    public const int FullSize = 64;

    /// <summary>The pixels along each side of a picture at half size.</summary>
    public const int HalfSize = 32;

    /// <summary>The pairs of a shape and a direction that the models know.</summary>
    internal const int Motions = Shapes * Directions;

    internal const int Shapes = 3;
    internal const int Directions = 4;

    /// <summary>The 48 clips that the models know, each at its <see cref="Index"/>.</summary>
    public static IReadOnlyList<Clip> All { get; } =
    [
        .. Enumerable
            .Range(0, Palette.Count * Motions)
            .Select(i => new Clip((ClipColour)(i / Motions), ShapeOf(i % Motions), DirectionOf(i % Motions))),
    ];

    /// <summary>The place in <see cref="All"/>; without meaning for a colour or a shape that the models do not know.</summary>
    public int Index => (int)Colour * Motions + Motion;

    /// <summary>The words that ask for it, such as <c>a red square moving right</c>.</summary>
    public string Prompt => $"a {Word(Colour)} {Word(Shape)} moving {Word(Direction)}";

    internal int Motion => (int)Shape * Directions + (int)Direction;

    internal static ClipShape ShapeOf(int motion) => (ClipShape)(motion / Directions);

    internal static ClipDirection DirectionOf(int motion) => (ClipDirection)(motion % Directions);

    /// <summary>The word of the vocabulary for a colour, a shape or a direction.</summary>
    internal static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
