using System.Runtime.Intrinsics;

namespace Larder.Content.Hashing;

/// <summary>What <see cref="EightLanes"/> is made of, as far as processors differ in it.</summary>
/// <remarks>
/// Each is one method and not made of smaller ones, because the compiler stops inlining when a method has got too many
/// variables that way: a quarter of the speed is left then.
/// </remarks>
internal interface IEightLaneOperations
{
    /// <summary>What T1 of the standard has of its variables e, f and g: Ch(e, f, g) + Sigma1(e).</summary>
    static abstract Vector256<uint> ChoiceAndSum(Vector256<uint> e, Vector256<uint> f, Vector256<uint> g);

    /// <summary>T2 of the standard: Maj(a, b, c) + Sigma0(a).</summary>
    static abstract Vector256<uint> MajorityAndSum(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c);

    /// <summary>The next word of the schedule, from those so many words before it.</summary>
    static abstract Vector256<uint> Expand(
        Vector256<uint> before16,
        Vector256<uint> before15,
        Vector256<uint> before7,
        Vector256<uint> before2
    );

    /// <summary>Four words of each message, which are big-endian: 16 bytes of each, at the offset.</summary>
    static abstract void Load(
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
    );
}
