using Larder.Content;
using Larder.Onnx.Format;
using Larder.Onnx.Loras;
using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>Which weights of a model LoRAs change, checked to fit before any is changed.</summary>
internal sealed class LoraChanges : IDisposable
{
    private readonly ModelDocument _document;
    private readonly List<(LoraUse Use, LoraFile File)> _loras = [];
    private readonly Dictionary<string, List<TensorProto>> _weights;
    private readonly List<string> _faults = [];

    private LoraChanges(ModelDocument document)
    {
        _document = document;
        _weights = Tensors
            .Graphs(document.Model.Graph)
            .SelectMany(graph => graph.Initializer)
            .GroupBy(tensor => tensor.Name, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.ToList(), StringComparer.Ordinal);
    }

    /// <summary>How many weights are changed.</summary>
    public int Count => Names().Count();

    /// <summary>Opens LoRAs and compares them with the model.</summary>
    /// <exception cref="PassException">Some do not fit: all that is wrong with all of them.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static LoraChanges Open(ModelDocument document, IEnumerable<(LoraUse Use, string Path)> loras)
    {
        var changes = new LoraChanges(document);
        try
        {
            foreach (var (use, path) in loras)
                changes.Add(use, path);
            return changes._faults.Count == 0
                ? changes
                : throw document.Refuse($"cannot take the LoRAs:\n{string.Join('\n', changes._faults)}");
        }
        catch
        {
            changes.Dispose();
            throw;
        }
    }

    /// <summary>The weights that are changed, each with what is added to it, which is read when its turn comes.</summary>
    public IEnumerable<(TensorProto Weight, LoraSum Sum)> Sums()
    {
        foreach (var name in Names())
        {
            var weight = _weights[name][0];
            var sum = new LoraSum(ColumnsOf(weight));
            foreach (var (use, file) in _loras)
            {
                foreach (var pair in file.Pairs.Where(pair => pair.Weight == name))
                {
                    var (a, b) = Read(use, file, pair);
                    sum.Add(use.Strength * pair.Scale, a, b, (int)pair.Rank);
                }
            }
            yield return (weight, sum);
        }
    }

    public void Dispose()
    {
        foreach (var (_, file) in _loras)
            file.Dispose();
    }

    private IEnumerable<string> Names() =>
        _loras
            .SelectMany(lora => lora.File.Pairs.Select(pair => pair.Weight))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    private void Add(LoraUse use, string path)
    {
        var faults = new List<string>();
        if (LoraFile.TryOpen(path, faults) is { } file)
        {
            _loras.Add((use, file));
            faults.AddRange(file.Pairs.Select(FaultIn).OfType<string>());
        }
        _faults.AddRange(faults.Select(fault => $"{Printable.Quote(use.File!)} {fault}."));
    }

    private string? FaultIn(LoraPair pair)
    {
        var shown = Printable.Quote(pair.Weight);
        if (!_weights.TryGetValue(pair.Weight, out var same))
            return $"changes {shown}, and the model has no weight of that name"
                + (
                    NearestName.Of(pair.Weight, _weights.Keys) is { } nearest
                        ? $"; the nearest is {Printable.Quote(nearest)}"
                        : "; if it was quantised, add LoRAs before that"
                );
        if (same.Count > 1)
            return $"changes {shown}, and the model has {same.Count} weights of that name, in graphs within each other";
        var weight = same[0];
        if (weight.DataType is not (ElementSize.Float or ElementSize.Float16))
            return $"changes {shown}, whose elements are neither float32 nor float16 (ONNX's type {weight.DataType})";
        if (weight.Dims.Count == 0 || weight.Dims[0] != pair.Rows || ColumnsOf(weight) != pair.Columns)
            return $"changes {shown} as [{pair.Rows}, {pair.Columns}], and it is [{string.Join(", ", weight.Dims)}]: its first size "
                + "and the product of the others are expected";
        return null;
    }

    private (double[] A, double[] B) Read(LoraUse use, LoraFile file, LoraPair pair)
    {
        try
        {
            return file.Read(pair);
        }
        catch (InvalidDataException wrong)
        {
            throw _document.Refuse($"cannot take the LoRAs:\n{Printable.Quote(use.File!)} {wrong.Message}.");
        }
    }

    // Cut rather than wrapped around: what does not fit 64 bits fits no LoRA.
    private static long ColumnsOf(TensorProto weight) =>
        (long)weight.Dims.Skip(1).Aggregate((Int128)1, (product, size) => Int128.Min(product * size, long.MaxValue));
}
