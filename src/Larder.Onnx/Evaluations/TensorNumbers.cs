using System.Numerics;

namespace Larder.Onnx.Evaluations;

/// <summary>The elements of a tensor as numbers of one type.</summary>
internal static class TensorNumbers
{
    /// <summary>The elements; null for texts and booleans.</summary>
    public static double[]? Of(Tensor tensor) =>
        tensor switch
        {
            Tensor<float> floats => Convert(floats),
            Tensor<double> doubles => Convert(doubles),
            Tensor<Half> halves => Convert(halves),
            Tensor<long> longs => Convert(longs),
            Tensor<int> ints => Convert(ints),
            Tensor<short> shorts => Convert(shorts),
            Tensor<sbyte> signed => Convert(signed),
            Tensor<ulong> longs => Convert(longs),
            Tensor<uint> ints => Convert(ints),
            Tensor<ushort> shorts => Convert(shorts),
            Tensor<byte> bytes => Convert(bytes),
            _ => null,
        };

    private static double[] Convert<T>(Tensor<T> tensor)
        where T : struct, INumberBase<T>
    {
        var numbers = new double[tensor.Span.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = double.CreateChecked(tensor.Span[i]);
        return numbers;
    }
}
