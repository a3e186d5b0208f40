namespace Larder.Content.Pictures;

/// <summary>The five ways in which a row of a PNG file may be written as differences to its neighbours.</summary>
internal static class PngFilter
{
    public const int Count = 5;

    /// <summary>Makes differences of a row.</summary>
    /// <param name="filter">Which way, 0 to 4.</param>
    /// <param name="row">The row.</param>
    /// <param name="above">The row above; zeros above the first.</param>
    /// <param name="pixelBytes">The bytes of a pixel.</param>
    /// <param name="result">The differences.</param>
    public static void Apply(
        int filter,
        ReadOnlySpan<byte> row,
        ReadOnlySpan<byte> above,
        int pixelBytes,
        Span<byte> result
    )
    {
        for (var i = 0; i < row.Length; i++)
        {
            var left = i < pixelBytes ? (byte)0 : row[i - pixelBytes];
            var aboveLeft = i < pixelBytes ? (byte)0 : above[i - pixelBytes];
            result[i] = (byte)(row[i] - Predicted(filter, left, above[i], aboveLeft));
        }
    }

    /// <summary>Makes a row of differences, where they are.</summary>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var left = i < pixelBytes ? (byte)0 : row[i - pixelBytes];
            var aboveLeft = i < pixelBytes ? (byte)0 : above[i - pixelBytes];
            row[i] = (byte)(row[i] + Predicted(filter, left, above[i], aboveLeft));
        }
    }

    private static int Predicted(int filter, byte left, byte above, byte aboveLeft) =>
        filter switch
        {
            0 => 0,
            1 => left,
            2 => above,
            3 => (left + above) / 2,
            4 => Paeth(left, above, aboveLeft),
            _ => throw new InvalidDataException($"There is no filter {filter} of rows."),
        };

    // Whichever of the three is nearest to left + above - aboveLeft, in this order.
    private static byte Paeth(byte left, byte above, byte aboveLeft)
    {
        var estimate = left + above - aboveLeft;
        var toLeft = Math.Abs(estimate - left);
        var toAbove = Math.Abs(estimate - above);
        var toAboveLeft = Math.Abs(estimate - aboveLeft);
        if (toLeft <= toAbove && toLeft <= toAboveLeft)
            return left;
        return toAbove <= toAboveLeft ? above : aboveLeft;
    }
}
