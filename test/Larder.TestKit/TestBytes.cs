using System.Runtime.InteropServices;

namespace Larder.TestKit;

/// <summary>Bytes that look random and are the same for the same seed.</summary>
public static class TestBytes
{
    public static byte[] Of(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A block of a body of any length, each different from the others, made faster than a disk writes.</summary>
    public static byte[] Block(int length, long index)
    {
        var bytes = new byte[length];
        var words = MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan());
        var state = (ulong)index * 0x9E3779B97F4A7C15;
        for (var i = 0; i < words.Length; i++)
            words[i] = (state += 0xD1B54A32D192ED03) ^ (state >> 29);
        return bytes;
    }
}
