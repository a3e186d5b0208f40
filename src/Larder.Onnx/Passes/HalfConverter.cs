using System.Runtime.InteropServices;

namespace Larder.Onnx.Passes;

/// <summary>Rounds singles to halves, to the nearest and to even between two, and counts what is lost.</summary>
internal sealed class HalfConverter(Float16Overflow overflow)
{
    /// <summary>Finite numbers that were too large.</summary>
    public long TooLarge { get; private set; }

    /// <summary>Numbers other than zero that became zero.</summary>
    public long TooSmall { get; private set; }

    /// <summary>Rounds one number.</summary>
    public Half Convert(float value)
    {
        var half = (Half)value;
        if (Half.IsInfinity(half) && float.IsFinite(value))
        {
            TooLarge++;
            return overflow == Float16Overflow.Infinity ? half : Half.CopySign(Half.MaxValue, half);
        }
        if (half == Half.Zero && value != 0)
            TooSmall++;
        return half;
    }

    /// <summary>Rounds numbers piece by piece, both as the bytes of a tensor.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Convert(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        foreach (var piece in pieces)
        {
            var halves = Array.ConvertAll(MemoryMarshal.Cast<byte, float>(piece.Span).ToArray(), Convert);
            yield return MemoryMarshal.AsBytes(halves.AsSpan()).ToArray();
        }
    }
}
