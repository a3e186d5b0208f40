using System.Text.Json;

namespace Larder.Onnx.Json;

/// <summary>Reads the inputs of one request and collects everything that is wrong with them.</summary>
internal sealed class InputReader
{
    private const string Example = "such as {\"inputs\": {\"rooms\": 3}}";

    private readonly IReadOnlyList<TensorSpec> _specs;
    private readonly FaultList _faults = new();
    private readonly TensorReader _reader;

    // The sizes of named free dimensions, each with the input that gave it.
    private readonly Dictionary<string, (long Size, string Input)> _sizes = new(StringComparer.Ordinal);

    public InputReader(IReadOnlyList<TensorSpec> specs)
    {
        _specs = specs;
        _reader = new TensorReader(_faults);
    }

    /// <summary>Reads a request <c>{"inputs": {name: value}}</c>.</summary>
    public Dictionary<string, Tensor> Read(JsonElement request) =>
        ReadObject(
            request.ValueKind == JsonValueKind.Object && request.TryGetProperty(InputFaults.Root, out var inputs)
                ? inputs
                : default
        );

    /// <summary>Reads the object of inputs alone.</summary>
    public Dictionary<string, Tensor> ReadObject(JsonElement inputs)
    {
        var tensors = new Dictionary<string, Tensor>(_specs.Count, StringComparer.Ordinal);
        if (Given(inputs) is { } given)
        {
            var known = 0;
            foreach (var spec in _specs)
            {
                if (!given.TryGetValue(spec.Name, out var json))
                {
                    _faults.Add(InputFaults.Missing(spec));
                    continue;
                }
                known++;
                if (_reader.Read(spec, json) is { } tensor)
                    tensors.Add(spec.Name, tensor);
            }
            if (known < given.Count)
                _faults.AddRange(InputFaults.Unknown(_specs, given.Keys));
            foreach (var spec in _specs)
            {
                if (tensors.TryGetValue(spec.Name, out var tensor))
                    CheckFreeSizes(spec, tensor);
            }
        }
        return _faults.Count == 0 ? tensors : throw new InvalidInputsException(_faults.ToList());
    }

    private Dictionary<string, JsonElement>? Given(JsonElement inputs)
    {
        if (inputs.ValueKind != JsonValueKind.Object)
        {
            _faults.Add(InputFaults.Root, $"The request must be an object with an object of inputs, {Example}.");
            return null;
        }
        var given = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in inputs.EnumerateObject())
        {
            if (!TryName(property, out var name))
                _faults.Add(InputFaults.Root, "A name holds half of a surrogate pair.");
            else if (!given.TryAdd(name, property.Value))
                _faults.Add(InputFaults.PathOf(name), "The input is given twice.");
        }
        return given;
    }

    private static bool TryName(JsonProperty property, out string name)
    {
        try
        {
            name = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            // The parser lets an escaped half of a pair pass; reading it as a string is what fails.
            name = "";
            return false;
        }
    }

    private void CheckFreeSizes(TensorSpec spec, Tensor tensor)
    {
        for (var i = 0; i < spec.Shape.Count; i++)
        {
            if (spec.Shape[i] is not { IsFree: true, Name: { } name })
                continue;
            var size = tensor.Dimensions[i];
            if (!_sizes.TryAdd(name, (size, spec.Name)) && _sizes[name] is var first && first.Size != size)
            {
                var other = InputFaults.PathOf(first.Input);
                _faults.Add(
                    InputFaults.PathOf(spec.Name),
                    $"The size '{name}' is {size} here and {first.Size} in {other}; they must agree."
                );
            }
        }
    }
}
