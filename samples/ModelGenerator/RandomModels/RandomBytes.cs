using System.Runtime.InteropServices;

namespace ModelGenerator.RandomModels;

/// <summary>A sequence of random bytes of a given length, which is never held as a whole.</summary>
internal sealed class RandomBytes(ulong seed, long length)
{
    private const int ChunkBytes = 1 << 20;

    private readonly SplitMix64 _random = new(seed);

    internal long Length => length;

    internal byte this[long index] =>
        (byte)(_random.At((ulong)index / sizeof(ulong)) >> (int)(index % sizeof(ulong) * 8));

    internal void WriteTo(Stream stream)
    {
        var chunk = new ulong[Math.Min(ChunkBytes, length) / sizeof(ulong) + 1];
        for (var written = 0L; written < length; written += ChunkBytes)
        {
            var bytes = (int)Math.Min(ChunkBytes, length - written);
            var first = (ulong)written / sizeof(ulong);
            // Rounded up: the last number may be cut.
            for (var i = 0; i < (bytes + sizeof(ulong) - 1) / sizeof(ulong); i++)
                chunk[i] = _random.At(first + (ulong)i);
            stream.Write(MemoryMarshal.AsBytes(chunk)[..bytes]);
        }
    }
}
