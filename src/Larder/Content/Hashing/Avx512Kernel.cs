using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Larder.Content.Hashing;

/// <summary>Vectors of 256 bits with the instructions of AVX-512: rotations, and any function of three bits in one.</summary>
/// <remarks>Vectors of 512 bits would need 16 messages and slow down the clock of the processors that this is for.</remarks>
internal readonly struct Avx512Kernel : ISha256Kernel, IEightLaneOperations
{
    // Tables of functions of three bits: bit 4x + 2y + z is the answer to x, y and z.
    public const byte Parity = 0b_1001_0110;
    public const byte Majority = 0b_1110_1000;
    private const byte Choice = 0b_1100_1010;

    /// <summary>Whether the processor has the instructions.</summary>
    public static bool IsSupported => Avx512F.VL.IsSupported && Avx512BW.VL.IsSupported;

    public static void Compress(
        ReadOnlySpan<Sha256Message> messages,
        ReadOnlySpan<ReadOnlyMemory<byte>> sources,
        int sizeBytes
    )
    {
        if (messages.Length <= FourLanes.Count)
            FourLanes.Compress(messages, sources, sizeBytes);
        else
            EightLanes.Compress<Avx512Kernel>(messages, sources, sizeBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ChoiceAndSum(Vector256<uint> e, Vector256<uint> f, Vector256<uint> g) =>
        Avx512F.VL.TernaryLogic(e, f, g, Choice)
        + Avx512F.VL.TernaryLogic(
            Avx512F.VL.RotateRight(e, 6),
            Avx512F.VL.RotateRight(e, 11),
            Avx512F.VL.RotateRight(e, 25),
            Parity
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> MajorityAndSum(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) =>
        Avx512F.VL.TernaryLogic(a, b, c, Majority)
        + Avx512F.VL.TernaryLogic(
            Avx512F.VL.RotateRight(a, 2),
            Avx512F.VL.RotateRight(a, 13),
            Avx512F.VL.RotateRight(a, 22),
            Parity
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Expand(
        Vector256<uint> before16,
        Vector256<uint> before15,
        Vector256<uint> before7,
        Vector256<uint> before2
    ) =>
        (before16 + before7)
        + Avx512F.VL.TernaryLogic(
            Avx512F.VL.RotateRight(before15, 7),
            Avx512F.VL.RotateRight(before15, 18),
            before15 >>> 3,
            Parity
        )
        + Avx512F.VL.TernaryLogic(
            Avx512F.VL.RotateRight(before2, 17),
            Avx512F.VL.RotateRight(before2, 19),
            before2 >>> 10,
            Parity
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        // Four words of four messages in each half, transposed.
        var row0 = Rows(in source0, in source4, offset);
        var row1 = Rows(in source1, in source5, offset);
        var row2 = Rows(in source2, in source6, offset);
        var row3 = Rows(in source3, in source7, offset);
        var first01 = Avx2.UnpackLow(row0, row1).AsUInt64();
        var last01 = Avx2.UnpackHigh(row0, row1).AsUInt64();
        var first23 = Avx2.UnpackLow(row2, row3).AsUInt64();
        var last23 = Avx2.UnpackHigh(row2, row3).AsUInt64();
        word0 = ReverseBytes(Avx2.UnpackLow(first01, first23));
        word1 = ReverseBytes(Avx2.UnpackHigh(first01, first23));
        word2 = ReverseBytes(Avx2.UnpackLow(last01, last23));
        word3 = ReverseBytes(Avx2.UnpackHigh(last01, last23));
    }

    /// <summary>16 bytes of one message and 16 of another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Rows(ref readonly byte low, ref readonly byte high, nint offset) =>
        Vector256
            .Create(Vector128.LoadUnsafe(in low, (nuint)offset), Vector128.LoadUnsafe(in high, (nuint)offset))
            .AsUInt32();

    /// <summary>The bytes of each word in the other order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> ReverseBytes<T>(Vector256<T> words) =>
        Avx2.Shuffle(
                words.AsByte(),
                Vector256.Create(Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12))
            )
            .AsUInt32();
}
