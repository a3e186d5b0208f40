using System.Text.Json;

namespace Larder.Onnx.Json;

/// <summary>Reads the tensors of one request.</summary>
internal sealed class TensorReader
{
    /// <summary>More dimensions than any model in use has.</summary>
    public const int MaxRank = 16;

    /// <summary>Elements of all inputs of a request together.</summary>
    public const int MaxElements = 16 * 1024 * 1024;

    private readonly FaultList _faults;
    private long _elements;

    public TensorReader(FaultList faults) => _faults = faults;

    private delegate string? ElementParser<T>(JsonElement json, out T value);

    /// <summary>Reads one input; null when it has faults.</summary>
    public Tensor? Read(TensorSpec spec, JsonElement json) => Read(spec, json, InputFaults.PathOf(spec.Name));

    /// <summary>Reads one tensor that faults call by a path; null when it has faults.</summary>
    public Tensor? Read(TensorSpec spec, JsonElement json, string path)
    {
        // The nesting is checked to the last row before memory is asked for, so that a request of a few bytes cannot
        // ask for much.
        if (Nesting.Of(json, MaxRank) is not { } shape)
        {
            _faults.Add(path, $"The arrays are nested more than {MaxRank} deep; the model needs {spec}.");
            return null;
        }
        if (!Nesting.IsRegular(json, shape, path, _faults))
            return null;
        if (Fit(spec, shape) is not { } fitted)
        {
            var actual = shape.Length == 0 ? "a single value" : $"the shape {Tensor.Format(shape)}";
            _faults.Add(path, $"The model needs {spec}, and this is {actual}.");
            return null;
        }
        _elements += Nesting.Count(shape);
        if (_elements > MaxElements)
        {
            _faults.Add(
                path,
                $"The inputs have more than {MaxElements} elements together; send them in several requests."
            );
            return null;
        }
        return Read(spec, json, path, shape, fitted);
    }

    private Tensor? Read(TensorSpec spec, JsonElement json, string path, long[] shape, long[] fitted) =>
        spec.ElementType switch
        {
            TensorElementType.Float32 => Read<float>(json, path, shape, fitted, Elements.TryFloat),
            TensorElementType.Float64 => Read<double>(json, path, shape, fitted, Elements.TryFloat),
            TensorElementType.Float16 => Read<Half>(json, path, shape, fitted, Elements.TryFloat),
            TensorElementType.Int64 => Read<long>(json, path, shape, fitted, Elements.TryInteger),
            TensorElementType.Int32 => Read<int>(json, path, shape, fitted, Elements.TryInteger),
            TensorElementType.Int16 => Read<short>(json, path, shape, fitted, Elements.TryInteger),
            TensorElementType.Int8 => Read<sbyte>(json, path, shape, fitted, Elements.TryInteger),
            TensorElementType.UInt64 => Read<ulong>(json, path, shape, fitted, Elements.TryInteger),
            TensorElementType.UInt32 => Read<uint>(json, path, shape, fitted, Elements.TryInteger),
            TensorElementType.UInt16 => Read<ushort>(json, path, shape, fitted, Elements.TryInteger),
            TensorElementType.UInt8 => Read<byte>(json, path, shape, fitted, Elements.TryInteger),
            TensorElementType.Bool => Read<bool>(json, path, shape, fitted, Elements.TryBool),
            TensorElementType.String => Read<string>(json, path, shape, fitted, Elements.TryText),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.ElementType, "Unknown element type."),
        };

    private Tensor<T>? Read<T>(JsonElement json, string path, long[] shape, long[] fitted, ElementParser<T> parse)
        where T : notnull
    {
        var data = new T[Nesting.Count(shape)];
        var next = 0;
        var faultsBefore = _faults.Count;
        Fill(json, 0);
        return _faults.Count == faultsBefore ? new Tensor<T>(data, fitted) : null;

        void Fill(JsonElement element, int depth)
        {
            if (depth < shape.Length)
            {
                foreach (var inner in element.EnumerateArray())
                    Fill(inner, depth + 1);
                return;
            }
            if (parse(element, out data[next]) is { } message)
                _faults.Add(Nesting.PathOf(path, shape, next), message);
            next++;
        }
    }

    /// <summary>The shape that the model sees, with the short forms written out; null when it does not fit.</summary>
    private static long[]? Fit(TensorSpec spec, long[] shape)
    {
        if (spec.Accepts(shape))
            return shape;
        if (shape.Length > 1)
            return null;
        // A flat array may take the place of one dimension, and of one only: which of two was meant would be a guess.
        var place = -1;
        var fitted = new long[spec.Shape.Count];
        for (var i = 0; i < fitted.Length; i++)
        {
            fitted[i] = 1;
            if (spec.Shape[i].Size == 1 || (shape.Length == 0 && spec.Shape[i].IsFree))
                continue;
            if (place >= 0 || shape.Length == 0)
                return null;
            place = i;
            fitted[i] = shape[0];
        }
        return (shape.Length == 0 || place >= 0) && spec.Accepts(fitted) ? fitted : null;
    }
}
