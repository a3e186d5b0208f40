using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Onnx.Format;
using Larder.Onnx.Loras;
using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>Adds LoRAs to the weights of a model, so that it runs as fast as without them.</summary>
internal sealed class LoraPass : IPass
{
    public string Name => "onnx-lora";

    public int Version => 1;

    public string Summary => "Adds LoRAs to the weights of an ONNX model.";

    public PassPlan Plan(StepRequest step)
    {
        var (options, _) = StepOptions.Read(step, PassOptionsJson.Default.LoraOptions, Validate);
        // As if they were not there, in the key too.
        List<(LoraUse Use, string Path)> loras =
        [
            .. options
                .Loras.Where(lora => lora.Strength != 0)
                .Select(lora => (lora, Path.GetFullPath(lora.File!, step.BaseDirectory))),
        ];
        var files = loras
            .Index()
            .ToDictionary(
                lora => string.Create(CultureInfo.InvariantCulture, $"loras[{lora.Index}]"),
                lora => lora.Item.Path,
                StringComparer.Ordinal
            );
        return PassWork.Plan(
            new StepFacts { Config = Config(options.File, loras.Select(lora => lora.Use)), Files = files },
            (run, cancellationToken) => Fuse(run, options.File, loras, cancellationToken)
        );
    }

    private static IEnumerable<(string, string)> Validate(LoraOptions options)
    {
        if (options.Loras.Count == 0)
            yield return (
                "loras",
                """It names none. Write one such as {"file": "style.safetensors", "strength": 0.8}."""
            );
        for (var i = 0; i < options.Loras.Count; i++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"loras[{i}]");
            if (options.Loras[i] is not { } lora)
            {
                yield return (path, "It is null; an object with 'file' and 'strength' is expected.");
                continue;
            }
            if (string.IsNullOrEmpty(lora.File))
                yield return ($"{path}.file", "It is missing: name the LoRA's safetensors file.");
            else if (lora.File.Contains('\0', StringComparison.Ordinal))
                yield return ($"{path}.file", "It has a zero character, which no path can have.");
            if (!double.IsFinite(lora.Strength))
                yield return ($"{path}.strength", "It is no number that a double can hold.");
            foreach (var name in lora.Unknown?.Keys ?? [])
                yield return ($"{path}.{Printable.Escape(name)}", "There is no such option. Known are file, strength.");
        }
    }

    // Without the paths: a LoRA is its bytes, wherever they lie, and their digest is in the key.
    private static JsonObject Config(string? file, IEnumerable<LoraUse> loras) =>
        new()
        {
            ["file"] = file,
            ["loras"] = new JsonArray([
                .. loras.Select(lora => (JsonNode)new JsonObject { ["strength"] = lora.Strength }),
            ]),
        };

    private static void Fuse(
        PassRun run,
        string? file,
        List<(LoraUse Use, string Path)> loras,
        CancellationToken cancellationToken
    )
    {
        var document = ModelDocument.Load(run, file);
        using var changes = LoraChanges.Open(document, loras);
        using (var data = document.CreateDataFile())
        {
            foreach (var (tensor, sum) in changes.Sums())
            {
                var content = document.Content(tensor);
                ModelDocument.Replace(
                    tensor,
                    content.SizeBytes,
                    Changed(document, tensor, content, sum, cancellationToken),
                    data
                );
            }
            // What stays as it is, and lay in another file.
            document.MoveData(data, cancellationToken);
        }
        run.Log($"Added {loras.Count} LoRAs to {changes.Count} weights.");
        document.Save(cancellationToken);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Changed(
        ModelDocument document,
        TensorProto tensor,
        TensorContent content,
        LoraSum sum,
        CancellationToken cancellationToken
    )
    {
        var isHalf = tensor.DataType == ElementSize.Float16;
        var place = 0L;
        foreach (var piece in content.Pieces(cancellationToken))
        {
            var numbers = isHalf
                ? Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(piece.Span).ToArray(), value => (double)value)
                : Array.ConvertAll(MemoryMarshal.Cast<byte, float>(piece.Span).ToArray(), value => (double)value);
            sum.AddTo(place, numbers);
            place += numbers.Length;
            yield return isHalf
                ? Bytes(Array.ConvertAll(numbers, value => (Half)value), Half.IsFinite)
                : Bytes(Array.ConvertAll(numbers, value => (float)value), float.IsFinite);
        }

        byte[] Bytes<T>(T[] values, Predicate<T> isFinite)
            where T : unmanaged =>
            Array.TrueForAll(values, isFinite)
                ? MemoryMarshal.AsBytes(values.AsSpan()).ToArray()
                : throw document.Refuse(
                    $"has infinite elements in the weight {Printable.Quote(tensor.Name)}, or would have with the LoRAs. "
                        + "Choose smaller strengths, or repair the model."
                );
    }
}
