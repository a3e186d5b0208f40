namespace ModelGenerator;

/// <summary>The SplitMix64 generator: the same numbers on every machine, each a function of the seed and its place.</summary>
/// <remarks>Because no number needs the one before it, a byte in the middle of a file of gigabytes is known at once.</remarks>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _drawn;

    /// <summary>The next number of the sequence, spread evenly over the range.</summary>
    internal double Next(double low, double high) => low + (high - low) * ((At(_drawn++) >> 11) * (1.0 / (1UL << 53)));

    /// <summary>The number at a place of the sequence.</summary>
    internal ulong At(ulong index)
    {
        var z = unchecked(seed + (index + 1) * 0x9e3779b97f4a7c15);
        z = unchecked((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9);
        z = unchecked((z ^ (z >> 27)) * 0x94d049bb133111eb);
        return z ^ (z >> 31);
    }
}
