namespace Larder.Onnx.Evaluations;

/// <summary>Numbers without a pattern that are the same in every version of .NET: splitmix64.</summary>
internal sealed class Noise(ulong seed)
{
    private static readonly string[] Words = ["a", "good", "bad", "small", "long", "text", "of", "words"];

    private ulong _state = seed;

    /// <summary>0 or 1.</summary>
    public int NextBit() => (int)(Next() >> 63);

    /// <summary>From -1 to 1.</summary>
    public double NextSigned() => ((Next() >> 11) * (2.0 / (1UL << 53))) - 1;

    /// <summary>Four words.</summary>
    public string NextText() => string.Join(' ', Enumerable.Range(0, 4).Select(_ => Words[Next() >> 61]));

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }
}
