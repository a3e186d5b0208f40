using System.Buffers.Binary;
using static Larder.Content.Hashing.Sha256Constants;

namespace Larder.Content.Hashing;

/// <summary>A message on its way to its digest; <see cref="Sha256Lanes.Append"/> appends to it.</summary>
/// <remarks>Not for several threads at once.</remarks>
internal sealed class Sha256Message
{
    // FIPS 180-4, 5.1.1: after the message one bit, zeros, and its length in bits.
    private const byte OneBit = 0x80;

    private readonly uint[] _state = new uint[StateWords];

    // A block that has been begun, with room for as much padding as it may get.
    private readonly byte[] _begun = new byte[2 * BlockSizeBytes];

    public Sha256Message() => Reset();

    /// <summary>How much has been appended.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>What stands for all whole blocks so far.</summary>
    internal Span<uint> State => _state;

    /// <summary>The block that <see cref="TryFill"/> made whole.</summary>
    internal ReadOnlyMemory<byte> Filled => _begun.AsMemory(0, BlockSizeBytes);

    private int BegunBytes => (int)(LengthBytes % BlockSizeBytes);

    /// <summary>The digest of what was appended, after which the message is empty again.</summary>
    public Digest Finish() => Avx512Kernel.IsSupported ? Finish<Avx512Kernel>() : Finish<PortableKernel>();

    /// <summary>Forgets what was appended.</summary>
    public void Reset()
    {
        InitialState.CopyTo(_state);
        LengthBytes = 0;
    }

    internal Digest Finish<T>()
        where T : struct, ISha256Kernel
    {
        var size = Pad(_begun, LengthBytes);
        T.Compress([this], [_begun], size);
        Span<byte> hash = stackalloc byte[Digest.SizeBytes];
        for (var i = 0; i < StateWords; i++)
            BinaryPrimitives.WriteUInt32BigEndian(hash[(i * sizeof(uint))..], _state[i]);
        Reset();
        return Digest.FromBytes(hash);
    }

    /// <summary>Completes the last block of a message of that length, or the last two; how many bytes these are.</summary>
    internal static int Pad(Span<byte> begun, long lengthBytes)
    {
        var end = (int)(lengthBytes % BlockSizeBytes);
        var size = end + 1 + sizeof(ulong) <= BlockSizeBytes ? BlockSizeBytes : 2 * BlockSizeBytes;
        begun[end] = OneBit;
        begun[(end + 1)..(size - sizeof(ulong))].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(begun[(size - sizeof(ulong))..], (ulong)lengthBytes * 8);
        return size;
    }

    /// <summary>Moves the beginning of a chunk to the block that was begun, if there is one; whether that is whole now.</summary>
    internal bool TryFill(ref ReadOnlyMemory<byte> chunk)
    {
        if (BegunBytes == 0)
            return false;
        var missing = Math.Min(BlockSizeBytes - BegunBytes, chunk.Length);
        Begin(chunk[..missing]);
        chunk = chunk[missing..];
        return BegunBytes == 0;
    }

    /// <summary>Keeps less than a block until there is more.</summary>
    internal void Begin(ReadOnlyMemory<byte> bytes)
    {
        bytes.Span.CopyTo(_begun.AsSpan(BegunBytes));
        LengthBytes += bytes.Length;
    }

    /// <summary>Counts blocks that were compressed from where they lie.</summary>
    internal void Count(int sizeBytes) => LengthBytes += sizeBytes;
}
