namespace Larder.Passes.Reports;

/// <summary>Where things stand in a picture of a chain.</summary>
/// <param name="Width">The width of the picture.</param>
/// <param name="RowHeight">The height of a row.</param>
/// <param name="NameLength">The most characters of a name.</param>
/// <param name="SizeX">Where the bars of sizes begin.</param>
/// <param name="SizeY">How far below the top of a row they are.</param>
/// <param name="TimeX">Where the bars of times begin.</param>
/// <param name="TimeY">How far below the top of a row they are.</param>
/// <param name="BarLength">How long a bar can be; its text stands beside it.</param>
internal sealed record ChainLayout(
    double Width,
    double RowHeight,
    int NameLength,
    double SizeX,
    double SizeY,
    double TimeX,
    double TimeY,
    double BarLength
)
{
    /// <summary>For screens: name, size and time beside each other.</summary>
    public static readonly ChainLayout Wide = new(940, 60, 36, 310, 20, 590, 20, 115);

    /// <summary>For phones: below each other.</summary>
    public static readonly ChainLayout Narrow = new(360, 104, 42, 34, 58, 34, 80, 110);

    /// <summary>Whether the bars have headings above them, because they stand in columns.</summary>
    public bool HasColumns => TimeX > SizeX;
}
