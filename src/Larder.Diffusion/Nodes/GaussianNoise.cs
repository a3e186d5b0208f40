namespace Larder.Diffusion.Nodes;

/// <summary>Noise of mean 0 and deviation 1: for one seed the same bits on every machine.</summary>
/// <remarks>
/// Even numbers from SplitMix64, made normal by Marsaglia's polar form of Box and Muller's method, which needs a logarithm and a
/// root. The root is exact by IEEE 754, and so are the four operations; the logarithms of the platforms' libraries differ in
/// their last bits, so it is computed here.
/// </remarks>
internal sealed class GaussianNoise
{
    private const ulong Golden = 0x9e3779b97f4a7c15;

    private ulong _state;

    /// <summary>Begins a sequence.</summary>
    /// <param name="seed">The seed of a run.</param>
    /// <param name="stage">Each stage of a run has a sequence of its own.</param>
    public GaussianNoise(long seed, int stage)
    {
        // Mixed twice: the sequences of neighbouring seeds and stages begin far from each other.
        _state = Mix(unchecked(Mix(unchecked((ulong)seed + Golden)) + (ulong)stage * Golden));
    }

    /// <summary>Fills with the next numbers.</summary>
    public void Fill(Span<float> values)
    {
        for (var place = 0; place < values.Length; place += 2)
        {
            var (first, second) = NextPair();
            values[place] = (float)first;
            if (place + 1 < values.Length)
                values[place + 1] = (float)second;
        }
    }

    /// <summary>The natural logarithm of a number above 0 that is not tiny.</summary>
    internal static double Log(double value)
    {
        const double SquareRootOfTwo = 1.4142135623730951;
        const double LogOfTwo = 0.6931471805599453;
        const int Terms = 12;

        // value = part * 2^exponent with the part about 1.
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1023;
        var part = BitConverter.Int64BitsToDouble((bits & 0xfffffffffffff) | 0x3ff0000000000000);
        if (part > SquareRootOfTwo)
        {
            part /= 2;
            exponent++;
        }
        // log part = 2 (s + s³/3 + s⁵/5 + …); s is at most 0.172, so 12 terms leave less than the last bit.
        var s = (part - 1) / (part + 1);
        var square = s * s;
        var sum = 0.0;
        for (var term = Terms - 1; term >= 0; term--)
            sum = sum * square + 1.0 / (2 * term + 1);
        return exponent * LogOfTwo + 2 * s * sum;
    }

    private (double First, double Second) NextPair()
    {
        while (true)
        {
            var (x, y) = (NextEven(), NextEven());
            var square = x * x + y * y;
            if (square is > 0 and < 1)
            {
                var factor = Math.Sqrt(-2 * Log(square) / square);
                return (x * factor, y * factor);
            }
        }
    }

    // From -1 to 1.
    private double NextEven()
    {
        _state = unchecked(_state + Golden);
        return (Mix(_state) >> 11) * (1.0 / (1UL << 52)) - 1;
    }

    private static ulong Mix(ulong value)
    {
        value = unchecked((value ^ (value >> 30)) * 0xbf58476d1ce4e5b9);
        value = unchecked((value ^ (value >> 27)) * 0x94d049bb133111eb);
        return value ^ (value >> 31);
    }
}
