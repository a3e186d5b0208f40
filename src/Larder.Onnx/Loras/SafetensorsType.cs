namespace Larder.Onnx.Loras;

/// <summary>The types of elements that the safetensors format knows.</summary>
internal static class SafetensorsType
{
    public const string Single = "F32";
    public const string Half = "F16";
    public const string BrainFloat = "BF16";
    public const string Double = "F64";

    /// <summary>The bits of an element; null for a type that there is not.</summary>
    public static int? Bits(string type) =>
        type switch
        {
            "F4" => 4,
            "F6_E2M3" or "F6_E3M2" => 6,
            "BOOL" or "U8" or "I8" or "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => 8,
            "I16" or "U16" or Half or BrainFloat => 16,
            "I32" or "U32" or Single => 32,
            "I64" or "U64" or Double or "C64" => 64,
            _ => null,
        };

    /// <summary>The bytes of a tensor; null if they are more than a file can have, or no whole number.</summary>
    public static long? Bytes(int bits, IEnumerable<long> shape)
    {
        // In 128 bits and cut at each step, so that no dimension however large can make it wrap around. A dimension of zero
        // makes all of it zero, wherever it stands.
        Int128 elements = 1;
        foreach (var size in shape)
            elements = Int128.Min(elements * size, long.MaxValue);
        var all = elements * bits;
        return all % 8 != 0 || all / 8 >= long.MaxValue / 8 ? null : (long)(all / 8);
    }
}
