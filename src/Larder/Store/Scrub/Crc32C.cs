using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Larder.Store.Scrub;

/// <summary>CRC-32C, the checksum that processors have an instruction for.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The checksum of what <paramref name="crc"/> is of, followed by <paramref name="bytes"/>.</summary>
    /// <remarks>
    /// Eight bytes at a time, one chain: 0.19 ms a MiB where SHA-256 of the same bytes takes 5.2 ms (2.5 GHz, no SHA
    /// instructions). Three chains at once take 0.09 ms; 2 % of a pull's hashing is not worth their tables.
    /// Compiled at once as it shall be: else the runtime would have it count its rounds for the first second of a pull, which
    /// took a quarter of all its time.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, word);
        foreach (var one in bytes[(bytes.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, one);
        return ~crc;
    }
}
