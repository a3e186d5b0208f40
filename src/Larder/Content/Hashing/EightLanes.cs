using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Larder.Content.Hashing.Sha256Constants;

namespace Larder.Content.Hashing;

/// <summary>SHA-256 of eight messages in lockstep, a message in each lane of a vector.</summary>
/// <remarks>
/// The rounds are those of FIPS 180-4, 6.2.2, letter by letter. They have no branch that depends on a message, so that what
/// is computed for one can be computed for eight by the same instructions, as Intel's isa-l_crypto does.
/// </remarks>
internal static class EightLanes
{
    public const int Count = 8;

    /// <summary>As <see cref="ISha256Kernel.Compress"/>; messages that are fewer than the lanes take all the time of eight.</summary>
    public static void Compress<T>(
        ReadOnlySpan<Sha256Message> messages,
        ReadOnlySpan<ReadOnlyMemory<byte>> sources,
        int sizeBytes
    )
        where T : struct, IEightLaneOperations
    {
        Span<uint> state = stackalloc uint[Count * StateWords];
        state.Clear();
        for (var lane = 0; lane < messages.Length; lane++)
        {
            for (var word = 0; word < StateWords; word++)
                state[(word * Count) + lane] = messages[lane].State[word];
        }
        CompressLanes<T>(
            state,
            in Source(sources, 0, sizeBytes),
            in Source(sources, 1, sizeBytes),
            in Source(sources, 2, sizeBytes),
            in Source(sources, 3, sizeBytes),
            in Source(sources, 4, sizeBytes),
            in Source(sources, 5, sizeBytes),
            in Source(sources, 6, sizeBytes),
            in Source(sources, 7, sizeBytes),
            sizeBytes
        );
        for (var lane = 0; lane < messages.Length; lane++)
        {
            for (var word = 0; word < StateWords; word++)
                messages[lane].State[word] = state[(word * Count) + lane];
        }
    }

    /// <summary>Where a lane reads. One that has no message reads the first one's bytes; what comes of it nobody takes.</summary>
    public static ref readonly byte Source(ReadOnlySpan<ReadOnlyMemory<byte>> sources, int lane, int sizeBytes) =>
        // The slice is the check that there is as much as will be read.
        ref MemoryMarshal.GetReference(sources[lane < sources.Length ? lane : 0].Span[..sizeBytes]);

    // Compiled fully at its first use: code that was compiled ahead cannot have these instructions, and what the first tier
    // of the compiler makes of them keeps every value in memory, for megabytes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CompressLanes<T>(
        Span<uint> state,
        ref readonly byte source0,
        ref readonly byte source1,
        ref readonly byte source2,
        ref readonly byte source3,
        ref readonly byte source4,
        ref readonly byte source5,
        ref readonly byte source6,
        ref readonly byte source7,
        nint sizeBytes
    )
        where T : struct, IEightLaneOperations
    {
        ref var k = ref MemoryMarshal.GetReference(OfRounds);
        var vectors = MemoryMarshal.Cast<uint, Vector256<uint>>(state);
        var a = vectors[0];
        var b = vectors[1];
        var c = vectors[2];
        var d = vectors[3];
        var e = vectors[4];
        var f = vectors[5];
        var g = vectors[6];
        var h = vectors[7];
        for (nint offset = 0; offset < sizeBytes; offset += BlockSizeBytes)
        {
            T.Load(
                in source0,
                in source1,
                in source2,
                in source3,
                in source4,
                in source5,
                in source6,
                in source7,
                offset,
                out var w0,
                out var w1,
                out var w2,
                out var w3
            );
            T.Load(
                in source0,
                in source1,
                in source2,
                in source3,
                in source4,
                in source5,
                in source6,
                in source7,
                offset + 16,
                out var w4,
                out var w5,
                out var w6,
                out var w7
            );
            T.Load(
                in source0,
                in source1,
                in source2,
                in source3,
                in source4,
                in source5,
                in source6,
                in source7,
                offset + 32,
                out var w8,
                out var w9,
                out var w10,
                out var w11
            );
            T.Load(
                in source0,
                in source1,
                in source2,
                in source3,
                in source4,
                in source5,
                in source6,
                in source7,
                offset + 48,
                out var w12,
                out var w13,
                out var w14,
                out var w15
            );
            nint t = 0;
            // 16 vectors are all that is ever needed of the schedule: the word of a round makes room for that of 16 rounds later.
            for (; t < Rounds - 16; t += 16)
            {
                Round<T>(a, b, c, ref d, e, f, g, ref h, w0 + Vector256.Create(Unsafe.Add(ref k, t)));
                w0 = T.Expand(w0, w1, w9, w14);
                Round<T>(h, a, b, ref c, d, e, f, ref g, w1 + Vector256.Create(Unsafe.Add(ref k, t + 1)));
                w1 = T.Expand(w1, w2, w10, w15);
                Round<T>(g, h, a, ref b, c, d, e, ref f, w2 + Vector256.Create(Unsafe.Add(ref k, t + 2)));
                w2 = T.Expand(w2, w3, w11, w0);
                Round<T>(f, g, h, ref a, b, c, d, ref e, w3 + Vector256.Create(Unsafe.Add(ref k, t + 3)));
                w3 = T.Expand(w3, w4, w12, w1);
                Round<T>(e, f, g, ref h, a, b, c, ref d, w4 + Vector256.Create(Unsafe.Add(ref k, t + 4)));
                w4 = T.Expand(w4, w5, w13, w2);
                Round<T>(d, e, f, ref g, h, a, b, ref c, w5 + Vector256.Create(Unsafe.Add(ref k, t + 5)));
                w5 = T.Expand(w5, w6, w14, w3);
                Round<T>(c, d, e, ref f, g, h, a, ref b, w6 + Vector256.Create(Unsafe.Add(ref k, t + 6)));
                w6 = T.Expand(w6, w7, w15, w4);
                Round<T>(b, c, d, ref e, f, g, h, ref a, w7 + Vector256.Create(Unsafe.Add(ref k, t + 7)));
                w7 = T.Expand(w7, w8, w0, w5);
                Round<T>(a, b, c, ref d, e, f, g, ref h, w8 + Vector256.Create(Unsafe.Add(ref k, t + 8)));
                w8 = T.Expand(w8, w9, w1, w6);
                Round<T>(h, a, b, ref c, d, e, f, ref g, w9 + Vector256.Create(Unsafe.Add(ref k, t + 9)));
                w9 = T.Expand(w9, w10, w2, w7);
                Round<T>(g, h, a, ref b, c, d, e, ref f, w10 + Vector256.Create(Unsafe.Add(ref k, t + 10)));
                w10 = T.Expand(w10, w11, w3, w8);
                Round<T>(f, g, h, ref a, b, c, d, ref e, w11 + Vector256.Create(Unsafe.Add(ref k, t + 11)));
                w11 = T.Expand(w11, w12, w4, w9);
                Round<T>(e, f, g, ref h, a, b, c, ref d, w12 + Vector256.Create(Unsafe.Add(ref k, t + 12)));
                w12 = T.Expand(w12, w13, w5, w10);
                Round<T>(d, e, f, ref g, h, a, b, ref c, w13 + Vector256.Create(Unsafe.Add(ref k, t + 13)));
                w13 = T.Expand(w13, w14, w6, w11);
                Round<T>(c, d, e, ref f, g, h, a, ref b, w14 + Vector256.Create(Unsafe.Add(ref k, t + 14)));
                w14 = T.Expand(w14, w15, w7, w12);
                Round<T>(b, c, d, ref e, f, g, h, ref a, w15 + Vector256.Create(Unsafe.Add(ref k, t + 15)));
                w15 = T.Expand(w15, w0, w8, w13);
            }
            Round<T>(a, b, c, ref d, e, f, g, ref h, w0 + Vector256.Create(Unsafe.Add(ref k, t)));
            Round<T>(h, a, b, ref c, d, e, f, ref g, w1 + Vector256.Create(Unsafe.Add(ref k, t + 1)));
            Round<T>(g, h, a, ref b, c, d, e, ref f, w2 + Vector256.Create(Unsafe.Add(ref k, t + 2)));
            Round<T>(f, g, h, ref a, b, c, d, ref e, w3 + Vector256.Create(Unsafe.Add(ref k, t + 3)));
            Round<T>(e, f, g, ref h, a, b, c, ref d, w4 + Vector256.Create(Unsafe.Add(ref k, t + 4)));
            Round<T>(d, e, f, ref g, h, a, b, ref c, w5 + Vector256.Create(Unsafe.Add(ref k, t + 5)));
            Round<T>(c, d, e, ref f, g, h, a, ref b, w6 + Vector256.Create(Unsafe.Add(ref k, t + 6)));
            Round<T>(b, c, d, ref e, f, g, h, ref a, w7 + Vector256.Create(Unsafe.Add(ref k, t + 7)));
            Round<T>(a, b, c, ref d, e, f, g, ref h, w8 + Vector256.Create(Unsafe.Add(ref k, t + 8)));
            Round<T>(h, a, b, ref c, d, e, f, ref g, w9 + Vector256.Create(Unsafe.Add(ref k, t + 9)));
            Round<T>(g, h, a, ref b, c, d, e, ref f, w10 + Vector256.Create(Unsafe.Add(ref k, t + 10)));
            Round<T>(f, g, h, ref a, b, c, d, ref e, w11 + Vector256.Create(Unsafe.Add(ref k, t + 11)));
            Round<T>(e, f, g, ref h, a, b, c, ref d, w12 + Vector256.Create(Unsafe.Add(ref k, t + 12)));
            Round<T>(d, e, f, ref g, h, a, b, ref c, w13 + Vector256.Create(Unsafe.Add(ref k, t + 13)));
            Round<T>(c, d, e, ref f, g, h, a, ref b, w14 + Vector256.Create(Unsafe.Add(ref k, t + 14)));
            Round<T>(b, c, d, ref e, f, g, h, ref a, w15 + Vector256.Create(Unsafe.Add(ref k, t + 15)));
            vectors[0] = a += vectors[0];
            vectors[1] = b += vectors[1];
            vectors[2] = c += vectors[2];
            vectors[3] = d += vectors[3];
            vectors[4] = e += vectors[4];
            vectors[5] = f += vectors[5];
            vectors[6] = g += vectors[6];
            vectors[7] = h += vectors[7];
        }
    }

    // The standard moves each variable to the next; here the caller moves the names, and two change.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round<T>(
        Vector256<uint> a,
        Vector256<uint> b,
        Vector256<uint> c,
        ref Vector256<uint> d,
        Vector256<uint> e,
        Vector256<uint> f,
        Vector256<uint> g,
        ref Vector256<uint> h,
        Vector256<uint> word
    )
        where T : struct, IEightLaneOperations
    {
        var t1 = (h + word) + T.ChoiceAndSum(e, f, g);
        d += t1;
        h = t1 + T.MajorityAndSum(a, b, c);
    }
}
