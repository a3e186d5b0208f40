using System.Numerics;
using System.Runtime.InteropServices;

namespace Larder.Onnx.Loras;

/// <summary>What LoRAs add to one weight, in their order.</summary>
/// <remarks>
/// All in 64 bits, each product rounded and then each sum: the same bytes on every machine, however many numbers its processor
/// takes at a time.
/// </remarks>
/// <param name="columns">The product of the weight's sizes but the first.</param>
internal sealed class LoraSum(long columns)
{
    private readonly List<(double Factor, double[] A, double[] B, int Rank)> _terms = [];

    /// <summary>Adds <c>factor · B · A</c>, behind those that are there.</summary>
    public void Add(double factor, double[] a, double[] b, int rank) => _terms.Add((factor, a, b, rank));

    /// <summary>Adds all to a part of the weight.</summary>
    /// <param name="place">The place of its first element in the weight.</param>
    /// <param name="elements">The part, which is changed.</param>
    public void AddTo(long place, Span<double> elements)
    {
        while (!elements.IsEmpty)
        {
            var (row, column) = Math.DivRem(place, columns);
            var ofRow = elements[..(int)Math.Min(elements.Length, columns - column)];
            foreach (var (factor, a, b, rank) in _terms)
            {
                for (var i = 0; i < rank; i++)
                {
                    // Most rows of some LoRAs: they stay as they are, to the last bit.
                    if (factor * b[(row * rank) + i] is not 0 and var ofA)
                        AddProduct(ofRow, ofA, a.AsSpan((int)((i * columns) + column), ofRow.Length));
                }
            }
            elements = elements[ofRow.Length..];
            place += ofRow.Length;
        }
    }

    private static void AddProduct(Span<double> sums, double factor, ReadOnlySpan<double> values)
    {
        var wideSums = MemoryMarshal.Cast<double, Vector<double>>(sums);
        var wideValues = MemoryMarshal.Cast<double, Vector<double>>(values);
        for (var i = 0; i < wideSums.Length; i++)
            wideSums[i] += factor * wideValues[i];
        for (var i = wideSums.Length * Vector<double>.Count; i < sums.Length; i++)
            sums[i] += factor * values[i];
    }
}
