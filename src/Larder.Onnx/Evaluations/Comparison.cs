namespace Larder.Onnx.Evaluations;

/// <summary>Compares the outputs of one sample after the other.</summary>
internal sealed class Comparison
{
    private readonly Dictionary<string, OutputComparison> _outputs;
    private int _samples;

    /// <summary>Makes a comparison without samples.</summary>
    /// <param name="specs">The model's outputs.</param>
    /// <param name="scores">Those that hold scores; null to tell by type and shape.</param>
    public Comparison(IReadOnlyList<TensorSpec> specs, IReadOnlyList<string>? scores)
    {
        if (scores?.FirstOrDefault(name => specs.All(spec => spec.Name != name)) is { } unknown)
        {
            throw Measurement.Permanent($"'scores' names '{unknown}', and the model's outputs are {Names.Of(specs)}.");
        }
        _outputs = specs.ToDictionary(
            spec => spec.Name,
            spec => new OutputComparison(spec, scores?.Contains(spec.Name, StringComparer.Ordinal)),
            StringComparer.Ordinal
        );
    }

    public void Add(
        string source,
        IEnumerable<string> names,
        IReadOnlyDictionary<string, Tensor> expected,
        IReadOnlyDictionary<string, Tensor> actual
    )
    {
        foreach (var name in names)
            _outputs[name].Add(source, expected[name], actual[name]);
        _samples++;
    }

    /// <summary>The figures; one is left out where nothing could be measured for it.</summary>
    public IReadOnlyDictionary<string, double> Figures()
    {
        var all = _outputs.Values;
        var figures = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [AccuracyFigures.Samples] = _samples,
            [AccuracyFigures.NonFinite] = all.Sum(output => output.NonFiniteMismatches),
        };
        if (all.Sum(output => output.Numbers) is > 0 and var numbers)
        {
            figures[AccuracyFigures.MaxError] = all.Max(output => output.MaxError);
            figures[AccuracyFigures.MeanError] = all.Sum(output =>
                output.MeanError * (output.Numbers / (double)numbers)
            );
        }
        if (all.Select(output => output.Cosine).OfType<double>().ToList() is { Count: > 0 } cosines)
            figures[AccuracyFigures.Cosine] = cosines.Min();
        if (all.Sum(output => output.Rows) is > 0 and var rows)
            figures[AccuracyFigures.Top1] = all.Sum(output => output.RowsAgreed) / (double)rows;
        if (all.Sum(output => output.Others) is > 0 and var others)
            figures[AccuracyFigures.Equal] = all.Sum(output => output.OthersEqual) / (double)others;
        return figures;
    }
}
