using System.Numerics;
using Larder.Content;
using Larder.Onnx.Format;
using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>Moves the weights of a model into files of their own, or back into the model's.</summary>
/// <remarks>What comes out depends on the model and the options only, not on where the weights have been before.</remarks>
internal sealed class ExternalDataPass : IPass
{
    private const long MaxAlignment = 1 << 20;

    // No shape has as many dimensions. The runtime loads no model whose shapes lie in another file.
    private const long LeastThreshold = 256;

    // Of the name of a tensor, in the name of a file, which has at most 255 bytes.
    private const int MaxTensorName = 100;

    public string Name => "external-data";

    public int Version => 1;

    public string Summary => "Moves the weights of an ONNX model into files beside it, or back into it.";

    public PassPlan Plan(StepRequest step)
    {
        var (options, config) = StepOptions.Read(step, PassOptionsJson.Default.ExternalDataOptions, Validate);
        return PassWork.Plan(
            new StepFacts { Config = config },
            (run, cancellationToken) =>
            {
                var document = ModelDocument.Load(run, options.File);
                if (options.Mode == ExternalDataMode.Split)
                    Split(document, options, cancellationToken);
                else
                    Merge(document, cancellationToken);
                document.Save(cancellationToken);
            }
        );
    }

    private static IEnumerable<(string, string)> Validate(ExternalDataOptions options)
    {
        if (options.Threshold < LeastThreshold)
            yield return (
                "threshold",
                $"{options.Threshold} is less than {LeastThreshold} bytes: small tensors may say shapes, which runtimes read "
                    + "only in the model's own file."
            );
        if (!BitOperations.IsPow2(options.Alignment) || options.Alignment > MaxAlignment)
            yield return ("alignment", $"{options.Alignment} is no power of two from 1 to {MaxAlignment}.");
        if (options.DataFile is { } name)
        {
            var example = name.Replace(ExternalDataOptions.TensorPlace, "weight", StringComparison.Ordinal);
            if (ManifestPath.FaultIn(example) is { } fault)
                yield return ("data_file", $"{Printable.Quote(name)} {fault}.");
            else if (example.Contains('/', StringComparison.Ordinal))
                yield return (
                    "data_file",
                    $"{Printable.Quote(name)} has a directory; data lies beside the model's file."
                );
        }
    }

    private static void Split(ModelDocument document, ExternalDataOptions options, CancellationToken cancellationToken)
    {
        var weights = document.Model.Graph.Initializer.Where(IsLarge).ToHashSet(ReferenceEqualityComparer.Instance);
        // Other tensors that were outside come inside: some runtimes read only weights from files of their own.
        foreach (
            var tensor in Tensors
                .In(document.Model)
                .Where(TensorData.IsExternal)
                .Where(tensor => !weights.Contains(tensor))
        )
            TensorData.Set(tensor, document.Content(tensor).ToByteString(cancellationToken));

        using var files = new DataFiles(document, options);
        foreach (var weight in document.Model.Graph.Initializer.Where(weights.Contains))
        {
            var pieces = document.Content(weight).Pieces(cancellationToken);
            files.For(weight).Append(weight, pieces);
        }

        bool IsLarge(TensorProto tensor) =>
            ElementSize.Of(tensor.DataType, tensor.Dims) is { } size && size >= options.Threshold;
    }

    private static void Merge(ModelDocument document, CancellationToken cancellationToken)
    {
        var outside = Tensors.In(document.Model).Where(TensorData.IsExternal).ToList();
        // Before any of it is read: it would be read into memory.
        var size = document.Model.CalculateSize() + outside.Sum(tensor => document.Content(tensor).SizeBytes);
        if (size > ModelDocument.MaxFileBytes)
            throw document.Refuse(
                $"would have {size} bytes with its weights in it, and an ONNX file ends at {ModelDocument.MaxFileBytes}. "
                    + "Leave them in files of their own."
            );
        foreach (var tensor in outside)
            TensorData.Set(tensor, document.Content(tensor).ToByteString(cancellationToken));
    }

    /// <summary>The files that the weights go to.</summary>
    private sealed class DataFiles(ModelDocument document, ExternalDataOptions options) : IDisposable
    {
        private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

        private DataFile? _current;

        public DataFile For(TensorProto weight)
        {
            var pattern = options.DataFile ?? document.DataFileName;
            if (!pattern.Contains(ExternalDataOptions.TensorPlace, StringComparison.Ordinal))
                return _current ??= document.CreateDataFile(pattern, options.Alignment);
            _current?.Dispose();
            return _current = document.CreateDataFile(NameFor(pattern, weight.Name), options.Alignment);
        }

        public void Dispose() => _current?.Dispose();

        private string NameFor(string pattern, string tensor)
        {
            var plain = string.Concat(tensor.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
            plain = plain[..Math.Min(plain.Length, MaxTensorName)];
            for (var number = 1; ; number++)
            {
                var place = number == 1 ? plain : $"{plain}-{number}";
                var name = pattern.Replace(ExternalDataOptions.TensorPlace, place, StringComparison.Ordinal);
                if (_names.Add(name))
                    return name;
            }
        }
    }
}
