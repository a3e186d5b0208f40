using System.Globalization;
using Larder.Content;

namespace Larder.Onnx.Loras;

/// <summary>A LoRA in a safetensors file: for each weight that it changes <c>WEIGHT.lora_A</c> and <c>WEIGHT.lora_B</c>.</summary>
/// <remarks>
/// The metadata may say <c>alpha</c> (else the rank, so that nothing is scaled), and, to be checked, <c>rank</c> and, where there is
/// one weight only, <c>target</c>.
/// </remarks>
internal sealed class LoraFile : IDisposable
{
    private const string SuffixA = ".lora_A";
    private const string SuffixB = ".lora_B";

    private readonly SafetensorsFile _file;
    private readonly List<LoraPair> _pairs = [];

    private LoraFile(SafetensorsFile file) => _file = file;

    /// <summary>The changes, by the names of the weights.</summary>
    public IReadOnlyList<LoraPair> Pairs => _pairs;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="faults">Told each fault of it, to be read after its name.</param>
    /// <returns>The file, with the pairs that are right; null if it is not even safetensors.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LoraFile? TryOpen(string path, ICollection<string> faults)
    {
        SafetensorsFile file;
        try
        {
            file = SafetensorsFile.Open(path);
        }
        catch (InvalidDataException wrong)
        {
            faults.Add(wrong.Message);
            return null;
        }
        var lora = new LoraFile(file);
        lora.FindPairs(faults);
        return lora;
    }

    /// <summary>The two matrices of a pair.</summary>
    /// <exception cref="InvalidDataException">A number is infinite or none.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public (double[] A, double[] B) Read(LoraPair pair) => (_file.Read(pair.A), _file.Read(pair.B));

    public void Dispose() => _file.Dispose();

    private void FindPairs(ICollection<string> faults)
    {
        var alpha = Number("alpha", faults);
        var rank = Number("rank", faults);
        var weights = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in _file.Tensors.Keys.Order(StringComparer.Ordinal))
        {
            if (WeightOf(name) is { Length: > 0 } weight)
                weights.Add(weight);
            else
                faults.Add(
                    $"has the tensor {Printable.Quote(name)}, whose name ends neither in {SuffixA} nor in {SuffixB}"
                );
        }
        if (weights.Count == 0)
            faults.Add("changes no weight");
        if (_file.Metadata.TryGetValue("target", out var target) && (weights.Count != 1 || !weights.Contains(target)))
            faults.Add($"says that it changes {Printable.Quote(target)}, and changes {Shown(weights)}");
        foreach (var weight in weights)
        {
            if (FaultIn(weight, rank) is { } fault)
                faults.Add(fault);
            else
            {
                var (a, b) = (_file.Tensors[weight + SuffixA], _file.Tensors[weight + SuffixB]);
                _pairs.Add(new LoraPair(weight, a, b, (alpha ?? a.Shape[0]) / a.Shape[0]));
            }
        }
    }

    private string? FaultIn(string weight, double? rank)
    {
        if (!_file.Tensors.TryGetValue(weight + SuffixA, out var a))
            return $"has {Printable.Quote(weight + SuffixB)} without its {SuffixA}";
        if (!_file.Tensors.TryGetValue(weight + SuffixB, out var b))
            return $"has {Printable.Quote(weight + SuffixA)} without its {SuffixB}";
        foreach (var tensor in (SafetensorsTensor[])[a, b])
        {
            if (!SafetensorsFile.CanRead(tensor))
                return $"has {Printable.Quote(tensor.Name)} of type {tensor.Type} and {tensor.End - tensor.Begin} bytes; F16, BF16, "
                    + $"F32 or F64 of at most {Array.MaxLength} bytes are read";
        }
        if (a.Shape.Count != 2 || b.Shape.Count != 2 || a.Shape[0] != b.Shape[1] || a.Shape[0] == 0)
            return $"has A of {Shown(a.Shape)} and B of {Shown(b.Shape)} for {Printable.Quote(weight)}; [rank, n] and [m, rank] are "
                + "expected, of one rank that is not 0";
        return rank is { } said && said != a.Shape[0]
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"says that its rank is {said}, and has rank {a.Shape[0]} for {Printable.Quote(weight)}"
            )
            : null;
    }

    private double? Number(string key, ICollection<string> faults)
    {
        if (!_file.Metadata.TryGetValue(key, out var text))
            return null;
        if (
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
        )
            return number;
        faults.Add($"has the {key} {Printable.Quote(text)}, which is no number");
        return null;
    }

    private static string? WeightOf(string name) =>
        name.EndsWith(SuffixA, StringComparison.Ordinal) || name.EndsWith(SuffixB, StringComparison.Ordinal)
            ? name[..^SuffixA.Length]
            : null;

    private static string Shown(SortedSet<string> weights) =>
        weights.Count == 0
            ? "none"
            : string.Join(", ", weights.Take(4).Select(Printable.Quote)) + (weights.Count > 4 ? ", …" : "");

    private static string Shown(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
