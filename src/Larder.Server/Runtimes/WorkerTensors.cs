using System.Buffers;
using System.Text.Json;
using Larder.Onnx;
using Larder.Onnx.Json;

namespace Larder.Server.Runtimes;

/// <summary>Makes the JSON values that workers take of tensors, and tensors of those that they answer.</summary>
internal static class WorkerTensors
{
    /// <summary>Writes inputs as a worker expects them.</summary>
    /// <remarks>
    /// Arrays nested by the shape. Where the worker does not say how many dimensions it wants, those of 1 at the end are left out:
    /// one element is a plain value and a column a list, as callers of the other route write them.
    /// </remarks>
    /// <param name="inputs">The tensors.</param>
    /// <param name="specs">What the worker takes; null when it does not tell.</param>
    public static JsonDocument Write(IReadOnlyDictionary<string, Tensor> inputs, IReadOnlyList<TensorSpec>? specs)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, tensor) in inputs)
            {
                json.WritePropertyName(name);
                TensorWriter.Write(json, tensor, ShapeFor(tensor, specs?.FirstOrDefault(spec => spec.Name == name)));
            }
            json.WriteEndObject();
        }
        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    /// <summary>Reads outputs, in the worker's order.</summary>
    /// <param name="answer">An object of values.</param>
    /// <param name="specs">What the worker gives; null when it does not tell.</param>
    /// <param name="wanted">The only ones to read; null for all.</param>
    /// <exception cref="NoTensorException">One is no tensor, or not the one that the worker told of.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(
        JsonElement answer,
        IReadOnlyList<TensorSpec>? specs,
        IReadOnlyList<string>? wanted
    )
    {
        var faults = new FaultList();
        var reader = new TensorReader(new FaultList());
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var output in answer.EnumerateObject())
        {
            if (wanted?.Contains(output.Name, StringComparer.Ordinal) == false)
                continue;
            var spec = specs?.FirstOrDefault(spec => spec.Name == output.Name) ?? Guess(output.Name, output.Value);
            if (reader.Read(spec, output.Value, output.Name) is { } tensor)
                // A value by itself is a tensor of one element: not all clients have tensors without dimensions.
                tensors[output.Name] = tensor.Shape.Count == 0 ? tensor.Reshaped([1]) : tensor;
            else
                faults.Add(output.Name, $"It is no {spec}.");
        }
        foreach (var name in wanted ?? [])
        {
            if (!answer.TryGetProperty(name, out _))
                faults.Add(name, "The worker did not answer it.");
        }
        return faults.Count == 0 ? tensors : throw new NoTensorException(faults.ToList());
    }

    private static ReadOnlySpan<long> ShapeFor(Tensor tensor, TensorSpec? spec)
    {
        var shape = tensor.Dimensions;
        if (spec is { HasShape: true } && spec.Shape.Any(size => size.Size != 1) && spec.Shape.Count == shape.Length)
            return shape;
        while (shape is [.., 1])
            shape = shape[..^1];
        return shape;
    }

    // By its first element, which all others must be like; one number with a fraction makes all of them such.
    private static TensorSpec Guess(string name, JsonElement value)
    {
        var type = Leaves(value).FirstOrDefault().ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => TensorElementType.Bool,
            JsonValueKind.String => TensorElementType.String,
            _ => Leaves(value).All(leaf => leaf.ValueKind == JsonValueKind.Number && leaf.TryGetInt64(out _))
                ? TensorElementType.Int64
                : TensorElementType.Float64,
        };
        return new TensorSpec(name, type, []) { HasShape = false };
    }

    private static IEnumerable<JsonElement> Leaves(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Leaves) : [value];
}
