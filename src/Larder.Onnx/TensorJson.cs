using System.Text.Json;
using Larder.Onnx.Json;

namespace Larder.Onnx;

/// <summary>Tensors as JSON: the inputs of a prediction's request and the outputs of its answer.</summary>
public static class TensorJson
{
    /// <summary>
    /// Reads the inputs of a request <c>{"inputs": {name: value}}</c> for a model that takes <paramref name="specs"/>.
    /// </summary>
    /// <remarks>
    /// A value is a number, a text, true, false, or nested arrays of one of them, in the shape that the model asks for.
    /// Two short forms: a single value stands for a tensor of one element where every dimension is 1 or free; a flat
    /// array stands for a tensor with exactly one dimension that is not fixed at 1. Infinities and NaN are the texts
    /// <c>"Infinity"</c>, <c>"-Infinity"</c> and <c>"NaN"</c>. Free dimensions of one name must have one size in all
    /// inputs.
    /// </remarks>
    /// <exception cref="InvalidInputsException">Something does not fit; it tells everything that does not.</exception>
    public static IReadOnlyDictionary<string, Tensor> ReadInputs(JsonElement request, IReadOnlyList<TensorSpec> specs)
    {
        ArgumentNullException.ThrowIfNull(specs);
        return new InputReader(specs).Read(request);
    }

    /// <summary>Writes an object with each output under its name, in the model's order.</summary>
    /// <param name="writer">Where to write; a value must be expected there.</param>
    /// <param name="specs">The model's outputs.</param>
    /// <param name="outputs">The outputs of a run, all or some.</param>
    public static void WriteOutputs(
        Utf8JsonWriter writer,
        IReadOnlyList<TensorSpec> specs,
        IReadOnlyDictionary<string, Tensor> outputs
    )
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(specs);
        ArgumentNullException.ThrowIfNull(outputs);
        writer.WriteStartObject();
        foreach (var spec in specs)
        {
            if (!outputs.TryGetValue(spec.Name, out var tensor))
                continue;
            writer.WritePropertyName(spec.Name);
            Write(writer, tensor);
        }
        writer.WriteEndObject();
    }

    /// <summary>Writes a tensor as nested arrays by its shape; a scalar as a plain value.</summary>
    /// <remarks>
    /// NaN and the infinities are written as the texts <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>.
    /// </remarks>
    public static void Write(Utf8JsonWriter writer, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(tensor);
        TensorWriter.Write(writer, tensor, tensor.Dimensions);
    }

    /// <summary>
    /// Writes what a model answered: a tensor of one element as a plain value whatever its shape, any other by its
    /// shape.
    /// </summary>
    public static void WritePrediction(Utf8JsonWriter writer, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(tensor);
        TensorWriter.Write(writer, tensor, tensor.Length == 1 ? [] : tensor.Dimensions);
    }
}
