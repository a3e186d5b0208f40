namespace Larder.Onnx.Passes;

/// <summary>How many bytes the elements of a tensor take, by ONNX's numbers for their types.</summary>
internal static class ElementSize
{
    public const int Float = 1;
    public const int Int8 = 3;
    public const int Int32 = 6;
    public const int Int64 = 7;
    public const int Text = 8;
    public const int Bool = 9;
    public const int Float16 = 10;

    // Bits by number, from undefined (0) to the types of two bits (25 and 26). Texts have no size.
    private static ReadOnlySpan<byte> Bits =>
        [0, 32, 8, 8, 16, 16, 32, 64, 0, 8, 16, 64, 32, 64, 64, 128, 16, 8, 8, 8, 8, 4, 4, 4, 8, 2, 2];

    /// <summary>The bytes of a tensor; null for a type without a fixed size, or dimensions that make no sense.</summary>
    public static long? Of(int elementType, IEnumerable<long> dimensions)
    {
        if (elementType < 0 || elementType >= Bits.Length || Bits[elementType] == 0)
            return null;
        // In 128 bits and cut at each step, so that no dimension however large can make it wrap around.
        Int128 elements = 1;
        foreach (var dimension in dimensions)
        {
            if (dimension < 0)
                return null;
            elements = Int128.Min(elements * dimension, long.MaxValue);
        }
        var bytes = ((elements * Bits[elementType]) + 7) / 8;
        return bytes >= long.MaxValue ? null : (long)bytes;
    }
}
