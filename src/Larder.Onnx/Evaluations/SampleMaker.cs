using System.Globalization;
using System.Text;

namespace Larder.Onnx.Evaluations;

/// <summary>Makes inputs from the types and shapes that a model declares: the same ones for ever, from the same seed.</summary>
/// <remarks>
/// Each value depends on the seed, the sample, the input's name and the place in it, and on nothing else, so that two models
/// with the same inputs in another order or of another width of floats are given the same.
/// </remarks>
internal sealed class SampleMaker
{
    /// <summary>More elements than these in one input are a mistake in the dimensions.</summary>
    public const long MaxElements = 1L << 28;

    private readonly IReadOnlyDictionary<string, int> _dimensions;
    private readonly int _seed;

    /// <summary>Makes a maker.</summary>
    /// <param name="dimensions">Sizes of free dimensions, by their names or as <c>input[0]</c>; 1 where there is none.</param>
    /// <param name="seed">What the values depend on.</param>
    public SampleMaker(IReadOnlyDictionary<string, int> dimensions, int seed)
    {
        _dimensions = dimensions;
        _seed = seed;
    }

    /// <summary>The inputs of one sample.</summary>
    /// <exception cref="Passes.PassException">A model does not say its shape, or has no such dimension.</exception>
    public Dictionary<string, Tensor> Make(IReadOnlyList<TensorSpec> specs, int sample)
    {
        CheckNames(specs);
        return specs.ToDictionary(spec => spec.Name, spec => Make(spec, sample), StringComparer.Ordinal);
    }

    private Tensor Make(TensorSpec spec, int sample)
    {
        if (!spec.HasShape)
        {
            throw Measurement.Permanent(
                $"The model does not say the shape of its input '{spec.Name}', so none can be made: give 'inputs', a file of samples."
            );
        }
        long[] shape = [.. spec.Shape.Select((dimension, place) => SizeOf(spec, dimension, place))];
        var count = shape.Aggregate((Int128)1, (product, size) => product * size);
        if (count > MaxElements)
        {
            throw Measurement.Permanent(
                $"The input '{spec.Name}' would have {count} elements, and {MaxElements} are the most: give smaller 'dimensions'."
            );
        }
        return Fill(spec.ElementType, shape, (int)count, new Noise(SeedOf(spec.Name, sample)));
    }

    // Integers are indices and masks more often than quantities: 0 and 1 are the only values that fit nearly all of them.
    private static Tensor Fill(TensorElementType type, long[] shape, int count, Noise noise) =>
        type switch
        {
            TensorElementType.Float32 => Fill(shape, count, () => (float)noise.NextSigned()),
            TensorElementType.Float64 => Fill(shape, count, noise.NextSigned),
            TensorElementType.Float16 => Fill(shape, count, () => (Half)noise.NextSigned()),
            TensorElementType.Int64 => Fill(shape, count, () => (long)noise.NextBit()),
            TensorElementType.Int32 => Fill(shape, count, noise.NextBit),
            TensorElementType.Int16 => Fill(shape, count, () => (short)noise.NextBit()),
            TensorElementType.Int8 => Fill(shape, count, () => (sbyte)noise.NextBit()),
            TensorElementType.UInt64 => Fill(shape, count, () => (ulong)noise.NextBit()),
            TensorElementType.UInt32 => Fill(shape, count, () => (uint)noise.NextBit()),
            TensorElementType.UInt16 => Fill(shape, count, () => (ushort)noise.NextBit()),
            TensorElementType.UInt8 => Fill(shape, count, () => (byte)noise.NextBit()),
            TensorElementType.Bool => Fill(shape, count, () => noise.NextBit() == 1),
            TensorElementType.String => Fill(shape, count, noise.NextText),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown element type."),
        };

    private static Tensor<T> Fill<T>(long[] shape, int count, Func<T> next)
        where T : notnull
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
            values[i] = next();
        return new Tensor<T>(values, shape);
    }

    private long SizeOf(TensorSpec spec, Dimension dimension, int place) =>
        dimension.Size
        ?? (
            _dimensions.TryGetValue(PlaceOf(spec, place), out var size)
            || (dimension.Name is { } name && _dimensions.TryGetValue(name, out size))
                ? size
                : 1
        );

    // A dimension that no input has is a slip of the pen, and the figures would be those of another shape.
    private void CheckNames(IReadOnlyList<TensorSpec> specs)
    {
        var known = specs
            .SelectMany(spec =>
                spec.Shape.SelectMany(
                    (dimension, place) =>
                        dimension.IsFree ? new[] { dimension.Name, PlaceOf(spec, place) }.OfType<string>() : []
                )
            )
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (_dimensions.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is not { } unknown)
            return;
        throw Measurement.Permanent(
            known.Count == 0
                ? $"'dimensions' names {Content.Printable.Quote(unknown)}, and all dimensions of the model's inputs are fixed: leave it out."
                : $"'dimensions' names {Content.Printable.Quote(unknown)}, and the model's free dimensions are {string.Join(", ", known)}."
        );
    }

    private static string PlaceOf(TensorSpec spec, int place) =>
        string.Create(CultureInfo.InvariantCulture, $"{spec.Name}[{place}]");

    // FNV-1a: .NET's own hash of a text is another one in every process.
    private ulong SeedOf(string name, int sample)
    {
        var hash = 14695981039346656037UL;
        var text = string.Create(CultureInfo.InvariantCulture, $"{_seed}/{sample}/{name}");
        foreach (var value in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ value) * 1099511628211UL;
        return hash;
    }
}
