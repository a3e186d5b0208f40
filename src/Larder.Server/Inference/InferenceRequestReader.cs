using System.Text.Json;
using Larder.Onnx;
using Larder.Onnx.Json;

namespace Larder.Server.Inference;

/// <summary>Reads the document of an inference request, and finds the bytes of its tensors behind it.</summary>
/// <remarks>
/// Open Inference Protocol, version 2, with the extension for binary tensor data: an input whose parameters have a
/// <c>binary_data_size</c> has no <c>data</c>; its elements stand behind the document, in the order of the inputs.
/// </remarks>
internal sealed class InferenceRequestReader
{
    private readonly FaultList _faults = new();
    private readonly ReadOnlyMemory<byte> _behind;
    private int _read;
    private long _places;

    private InferenceRequestReader(ReadOnlyMemory<byte> behind) => _behind = behind;

    /// <summary>Reads a request.</summary>
    /// <param name="document">The document; it must live until the tensors were read.</param>
    /// <param name="behind">The bytes behind it.</param>
    /// <exception cref="InvalidInputsException">It is none, and everything that is wrong with it.</exception>
    public static InferenceRequest Read(JsonElement document, ReadOnlyMemory<byte> behind)
    {
        var reader = new InferenceRequestReader(behind);
        var request = reader.Read(document);
        reader._faults.ThrowIfAny();
        return request!;
    }

    private InferenceRequest? Read(JsonElement document)
    {
        if (
            document.ValueKind != JsonValueKind.Object
            || !document.TryGetProperty("inputs", out var inputs)
            || inputs.ValueKind != JsonValueKind.Array
        )
        {
            _faults.Add(
                "inputs",
                "The request must be an object with an array of inputs, each with name, datatype, shape and data."
            );
            return null;
        }
        var request = new InferenceRequest
        {
            Id = OptionalText(document, "id"),
            IsBinaryByDefault = Flag(document, "", "binary_data_output") ?? false,
            Inputs = ReadInputs(inputs),
        };
        if (_read < _behind.Length && _faults.Count == 0)
            _faults.Add(
                "body",
                $"{_behind.Length} bytes stand behind the document, and the inputs claim {_read} of them by binary_data_size."
            );
        return request with { Outputs = ReadOutputs(document, request.IsBinaryByDefault) };
    }

    private List<InferenceInput> ReadInputs(JsonElement inputs)
    {
        var read = new List<InferenceInput>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var place = 0;
        foreach (var json in inputs.EnumerateArray())
        {
            var path = $"inputs[{place++}]";
            if (ReadInput(json, path) is not { } input)
                continue;
            if (!names.Add(input.Name))
                _faults.Add($"{path}.name", "Another input of the request has this name.");
            read.Add(input);
        }
        return read;
    }

    private InferenceInput? ReadInput(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            _faults.Add(path, "An input is an object with name, datatype, shape and data.");
            return null;
        }
        // All four are looked at, so that one answer tells everything that is wrong.
        var name = RequiredText(json, path, "name");
        var datatype = RequiredText(json, path, "datatype");
        var type = default(TensorElementType);
        var isTyped = datatype is not null && InferenceDatatypes.TryParse(datatype, out type);
        if (datatype is not null && !isTyped)
            _faults.Add(
                $"{path}.datatype",
                $"There is no such datatype here. These are known: {InferenceDatatypes.All}."
            );
        var shape = ReadShape(json, path, out var length);
        var behind = ReadBinary(json, path);
        var hasData = json.TryGetProperty("data", out var data);
        if (hasData == behind.HasValue && shape is not null)
            _faults.Add(
                path,
                hasData
                    ? "The input has data and a binary_data_size; it must have one of them."
                    : "The input has no data."
            );
        return name is null || shape is null || !isTyped || hasData == behind.HasValue
            ? null
            : new InferenceInput(path, name, type, shape, length) { Json = data, Binary = behind };
    }

    private long[]? ReadShape(JsonElement input, string path, out long length)
    {
        length = 0;
        path = $"{path}.shape";
        if (!input.TryGetProperty("shape", out var json) || json.ValueKind != JsonValueKind.Array)
        {
            _faults.Add(path, "It must be an array of whole numbers, the size of each dimension.");
            return null;
        }
        var rank = json.GetArrayLength();
        if (rank > TensorReader.MaxRank)
        {
            _faults.Add(path, $"It has {rank} dimensions; at most {TensorReader.MaxRank} are possible.");
            return null;
        }
        var shape = new long[rank];
        long places = 1;
        for (var i = 0; i < rank; i++)
        {
            if (json[i].ValueKind != JsonValueKind.Number || !json[i].TryGetInt64(out shape[i]) || shape[i] < 0)
            {
                _faults.Add($"{path}[{i}]", "A size is a whole number from 0 to 2^63 - 1.");
                return null;
            }
            // Bounded before it is multiplied, so that no product of sizes runs over. A size of 0 counts as 1: without elements
            // there are still as many empty rows as the sizes before it say.
            places *= Math.Clamp(shape[i], 1, TensorReader.MaxElements + 1L);
            if (places > TensorReader.MaxElements)
            {
                _faults.Add(path, $"It has more than {TensorReader.MaxElements} elements; send several requests.");
                return null;
            }
        }
        _places += places;
        if (_places > TensorReader.MaxElements)
        {
            _faults.Add(
                path,
                $"The inputs have more than {TensorReader.MaxElements} elements together; send them in several requests."
            );
            return null;
        }
        length = shape.Contains(0) ? 0 : places;
        return shape;
    }

    private ReadOnlyMemory<byte>? ReadBinary(JsonElement input, string path)
    {
        const string Name = "binary_data_size";
        if (Parameter(input, path, Name) is not { } json)
            return null;
        path = $"{path}.parameters.{Name}";
        if (json.ValueKind != JsonValueKind.Number || !json.TryGetInt64(out var size) || size < 0)
        {
            _faults.Add(path, "It must be a number of bytes.");
            return default(ReadOnlyMemory<byte>);
        }
        if (size > _behind.Length - _read)
        {
            _faults.Add(
                path,
                $"It says {size} bytes, and {_behind.Length - _read} are left behind the document. The header Inference-Header-Content-Length tells where the document ends."
            );
            return default(ReadOnlyMemory<byte>);
        }
        var start = _read;
        _read += (int)size;
        return _behind.Slice(start, (int)size);
    }

    private List<InferenceOutput>? ReadOutputs(JsonElement document, bool isBinaryByDefault)
    {
        if (!document.TryGetProperty("outputs", out var json))
            return null;
        if (json.ValueKind != JsonValueKind.Array)
        {
            _faults.Add("outputs", "It must be an array of objects with a name.");
            return null;
        }
        var outputs = new List<InferenceOutput>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var place = 0;
        foreach (var output in json.EnumerateArray())
        {
            var path = $"outputs[{place++}]";
            if (output.ValueKind != JsonValueKind.Object)
            {
                _faults.Add(path, "An output is an object with a name.");
                continue;
            }
            var isBinary = Flag(output, path, "binary_data") ?? isBinaryByDefault;
            if (RequiredText(output, path, "name") is not { } name)
                continue;
            if (!names.Add(name))
                _faults.Add($"{path}.name", "The output is asked for twice.");
            outputs.Add(new InferenceOutput(name, isBinary));
        }
        // A client that writes an empty list wants what one without a list gets.
        return outputs.Count == 0 ? null : outputs;
    }

    private bool? Flag(JsonElement holder, string path, string name)
    {
        if (Parameter(holder, path, name) is not { } json)
            return null;
        if (json.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return json.GetBoolean();
        _faults.Add(Join(path, $"parameters.{name}"), "It must be true or false.");
        return null;
    }

    private JsonElement? Parameter(JsonElement holder, string path, string name)
    {
        if (!holder.TryGetProperty("parameters", out var parameters))
            return null;
        if (parameters.ValueKind == JsonValueKind.Object)
            return parameters.TryGetProperty(name, out var value) ? value : null;
        _faults.Add(Join(path, "parameters"), "It must be an object.");
        return null;
    }

    private string? RequiredText(JsonElement holder, string path, string name)
    {
        if (TryText(holder, name, out var text) && text.Length > 0)
            return text;
        _faults.Add($"{path}.{name}", "It must be a text that is not empty.");
        return null;
    }

    private string? OptionalText(JsonElement holder, string name)
    {
        if (!holder.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (TryText(holder, name, out var text))
            return text;
        _faults.Add(name, "It must be a text.");
        return null;
    }

    private static bool TryText(JsonElement holder, string name, out string text)
    {
        text = "";
        return holder.TryGetProperty(name, out var json) && Elements.TryText(json, out text) is null;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
