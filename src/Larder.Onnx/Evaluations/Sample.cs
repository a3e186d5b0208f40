using System.Text.Json;
using Larder.Onnx.Json;

namespace Larder.Onnx.Evaluations;

/// <summary>Inputs that a file gives, in the shape of a prediction's request, and the outputs that it expects.</summary>
/// <param name="Source">Where it stands, for messages: the file's name, and its place where the file holds several.</param>
/// <param name="Json">The object with <c>inputs</c> and perhaps <c>outputs</c>.</param>
internal sealed record Sample(string Source, JsonElement Json)
{
    private const string ExpectedName = "outputs";

    /// <summary>The inputs as a model takes them.</summary>
    /// <exception cref="Passes.PassException">They do not fit.</exception>
    public IReadOnlyDictionary<string, Tensor> ReadInputs(IReadOnlyList<TensorSpec> specs)
    {
        try
        {
            return TensorJson.ReadInputs(Json, specs);
        }
        catch (InvalidInputsException wrong)
        {
            throw Measurement.Permanent($"{Source}: {wrong.Message}");
        }
    }

    /// <summary>The outputs that are expected, all of a model's or some.</summary>
    /// <exception cref="Passes.PassException">There is none, or one does not fit.</exception>
    public IReadOnlyDictionary<string, Tensor> ReadExpected(IReadOnlyList<TensorSpec> specs)
    {
        if (
            Json.ValueKind != JsonValueKind.Object
            || !Json.TryGetProperty(ExpectedName, out var outputs)
            || outputs.ValueKind != JsonValueKind.Object
        )
        {
            throw Measurement.Permanent(
                $"{Source}: there are no expected outputs in it: add them, {{\"inputs\": …, \"{ExpectedName}\": {{name: value}}}}, or compare with the input model (\"against\": \"input\")."
            );
        }
        var faults = new FaultList();
        var reader = new TensorReader(faults);
        var expected = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var output in outputs.EnumerateObject())
        {
            var path = $"{ExpectedName}.{Content.Printable.Escape(output.Name)}";
            if (
                specs.FirstOrDefault(spec => string.Equals(spec.Name, output.Name, StringComparison.Ordinal))
                is not { } spec
            )
                faults.Add(path, $"The model has no such output; it has {Names.Of(specs)}.");
            else if (reader.Read(spec, output.Value, path) is { } tensor)
                expected[spec.Name] = tensor;
        }
        return faults.Count == 0
            ? expected
            : throw Measurement.Permanent(
                $"{Source}: {string.Join(' ', faults.ToList().Select(fault => $"{fault.Path}: {fault.Message}"))}"
            );
    }
}
