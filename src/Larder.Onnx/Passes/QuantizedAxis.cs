namespace Larder.Onnx.Passes;

/// <summary>A dimension of a weight, and the whole numbers that it gives.</summary>
/// <param name="Axis">The dimension with a scale for each place.</param>
/// <param name="Int8">The scales.</param>
internal readonly record struct QuantizedAxis(int Axis, Int8Channels Int8)
{
    // Fewer, and the scales would take more than a sixteenth of the whole numbers' room; with one for each element nothing is off
    // and nothing is gained.
    private const long LeastElementsPerScale = 64;

    /// <summary>Chooses the dimension.</summary>
    /// <param name="shape">The weight's.</param>
    /// <param name="suggested">The dimension that its operator suggests.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="singles">Gives the elements, as often as it is asked.</param>
    /// <returns>Null if an element is infinite or no number.</returns>
    public static QuantizedAxis? Choose(
        long[] shape,
        int suggested,
        QuantizeOptions options,
        Func<IEnumerable<ReadOnlyMemory<float>>> singles
    )
    {
        if (!options.PerChannel)
            return Of(Int8Channels.Of(singles(), channels: 1, inner: 1));
        var best = Of(Along(suggested));
        if (options.Axis == QuantizeAxis.Operator || best is null)
            return best;
        var elements = Product(shape);
        var least = best.Value.Int8.SquaredError(singles());
        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (axis == suggested || elements / shape[axis] < LeastElementsPerScale)
                continue;
            var int8 = Along(axis)!;
            if (int8.SquaredError(singles()) is var error && error >= least)
                continue;
            (best, least) = (new QuantizedAxis(axis, int8), error);
        }
        return best;

        QuantizedAxis? Of(Int8Channels? int8) => int8 is null ? null : new QuantizedAxis(suggested, int8);

        Int8Channels? Along(int axis) => Int8Channels.Of(singles(), shape[axis], Product(shape[(axis + 1)..]));
    }

    private static long Product(IEnumerable<long> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
