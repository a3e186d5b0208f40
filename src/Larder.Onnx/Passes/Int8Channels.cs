using System.Runtime.InteropServices;

namespace Larder.Onnx.Passes;

/// <summary>Turns weights into whole numbers from -127 to 127, with a scale for each channel.</summary>
/// <remarks>
/// The element at each place is off by at most half its channel's scale. The range is the same on both sides, so zero stays
/// zero and no offset is needed.
/// </remarks>
internal sealed class Int8Channels
{
    private const float Largest = 127;

    // Numbers of a tensor lie channel after channel, this many at a time.
    private readonly long _inner;

    private Int8Channels(float[] scales, long inner) => (Scales, _inner) = (scales, inner);

    /// <summary>What the whole numbers of each channel are to be multiplied with.</summary>
    public IReadOnlyList<float> Scales { get; }

    /// <summary>Looks at all elements and chooses the scales.</summary>
    /// <param name="pieces">The elements, as singles.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="inner">How many elements of one channel follow each other.</param>
    /// <returns>Null if an element is infinite or no number.</returns>
    public static Int8Channels? Of(IEnumerable<ReadOnlyMemory<float>> pieces, long channels, long inner)
    {
        var largest = new float[channels];
        var place = 0L;
        foreach (var piece in pieces)
        {
            foreach (var value in piece.Span)
            {
                if (!float.IsFinite(value))
                    return null;
                ref var ofChannel = ref largest[place / inner % channels];
                ofChannel = Math.Max(ofChannel, Math.Abs(value));
                place++;
            }
        }
        return new Int8Channels(Array.ConvertAll(largest, ScaleFor), inner);
    }

    /// <summary>The whole numbers.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Quantize(IEnumerable<ReadOnlyMemory<float>> pieces)
    {
        var place = 0L;
        foreach (var piece in pieces)
        {
            var numbers = new sbyte[piece.Length];
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = Quantize(piece.Span[i], Scales[(int)(place++ / _inner % Scales.Count)]);
            yield return MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();
        }
    }

    /// <summary>The sum of the squares of what each element is off by.</summary>
    public double SquaredError(IEnumerable<ReadOnlyMemory<float>> pieces)
    {
        var place = 0L;
        var sum = 0.0;
        foreach (var piece in pieces)
        {
            foreach (var value in piece.Span)
            {
                var scale = Scales[(int)(place++ / _inner % Scales.Count)];
                var off = value - ((double)scale * Quantize(value, scale));
                sum += off * off;
            }
        }
        return sum;
    }

    // In 64 bits: the quotient of two singles is then never rounded over the middle between two whole numbers.
    private static sbyte Quantize(float value, float scale) =>
        (sbyte)Math.Clamp(Math.Round((double)value / scale, MidpointRounding.ToEven), -Largest, Largest);

    private static float ScaleFor(float largest) =>
        largest == 0
            ? 1
            // Below it a single has fewer digits, and some processors take it for zero. Above, the largest number that there is
            // must not become infinite when it is multiplied again.
            : Math.Clamp(
                largest / Largest,
                BitConverter.Int32BitsToSingle(0x0080_0000),
                MathF.BitDecrement(float.MaxValue / Largest)
            );
}
