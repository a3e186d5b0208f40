using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Larder.Content.Hashing;

/// <summary>Right on every processor, and fast on none: what the other kernels are compared with.</summary>
internal readonly struct PortableKernel : ISha256Kernel, IEightLaneOperations
{
    public static void Compress(
        ReadOnlySpan<Sha256Message> messages,
        ReadOnlySpan<ReadOnlyMemory<byte>> sources,
        int sizeBytes
    ) => EightLanes.Compress<PortableKernel>(messages, sources, sizeBytes);

    public static Vector256<uint> ChoiceAndSum(Vector256<uint> e, Vector256<uint> f, Vector256<uint> g) =>
        ((e & f) ^ (~e & g)) + (RotateRight(e, 6) ^ RotateRight(e, 11) ^ RotateRight(e, 25));

    public static Vector256<uint> MajorityAndSum(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        ((a & b) ^ (a & c) ^ (b & c)) + (RotateRight(a, 2) ^ RotateRight(a, 13) ^ RotateRight(a, 22));

    public static Vector256<uint> Expand(
        Vector256<uint> before16,
        Vector256<uint> before15,
        Vector256<uint> before7,
        Vector256<uint> before2
    ) =>
        before16
        + before7
        + (RotateRight(before15, 7) ^ RotateRight(before15, 18) ^ (before15 >>> 3))
        + (RotateRight(before2, 17) ^ RotateRight(before2, 19) ^ (before2 >>> 10));

    public static void Load(
        ref readonly byte source0,
        ref readonly byte source1,
        ref readonly byte source2,
        ref readonly byte source3,
        ref readonly byte source4,
        ref readonly byte source5,
        ref readonly byte source6,
        ref readonly byte source7,
        nint offset,
        out Vector256<uint> word0,
        out Vector256<uint> word1,
        out Vector256<uint> word2,
        out Vector256<uint> word3
    )
    {
        word0 = Word(
            offset,
            in source0,
            in source1,
            in source2,
            in source3,
            in source4,
            in source5,
            in source6,
            in source7
        );
        word1 = Word(
            offset + 4,
            in source0,
            in source1,
            in source2,
            in source3,
            in source4,
            in source5,
            in source6,
            in source7
        );
        word2 = Word(
            offset + 8,
            in source0,
            in source1,
            in source2,
            in source3,
            in source4,
            in source5,
            in source6,
            in source7
        );
        word3 = Word(
            offset + 12,
            in source0,
            in source1,
            in source2,
            in source3,
            in source4,
            in source5,
            in source6,
            in source7
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateRight(Vector256<uint> value, [ConstantExpected] byte count) =>
        (value >>> count) | (value << (32 - count));

    private static Vector256<uint> Word(
        nint offset,
        ref readonly byte source0,
        ref readonly byte source1,
        ref readonly byte source2,
        ref readonly byte source3,
        ref readonly byte source4,
        ref readonly byte source5,
        ref readonly byte source6,
        ref readonly byte source7
    ) =>
        Vector256.Create(
            Word(in source0, offset),
            Word(in source1, offset),
            Word(in source2, offset),
            Word(in source3, offset),
            Word(in source4, offset),
            Word(in source5, offset),
            Word(in source6, offset),
            Word(in source7, offset)
        );

    private static uint Word(ref readonly byte source, nint offset)
    {
        var word = Unsafe.ReadUnaligned<uint>(in Unsafe.Add(ref Unsafe.AsRef(in source), offset));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word;
    }
}
