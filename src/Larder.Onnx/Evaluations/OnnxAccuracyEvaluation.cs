using System.Globalization;
using Larder.Passes;

namespace Larder.Onnx.Evaluations;

/// <summary>Measures how far a model's outputs are from those that are expected, or from those of the workflow's input model.</summary>
internal sealed class OnnxAccuracyEvaluation : IEvaluation
{
    private const int MaxSamples = 100_000;

    // Options that say how inputs are made.
    private static readonly string[] ForMade = ["samples", "seed", "dimensions"];

    private static readonly MetricLimits Limits = new(
        [AccuracyFigures.MaxError, AccuracyFigures.MeanError, AccuracyFigures.NonFinite],
        [AccuracyFigures.Cosine, AccuracyFigures.Top1, AccuracyFigures.Equal]
    );

    public string Name => "onnx-accuracy";

    public int Version => 1;

    public string Summary =>
        "Measures how far the outputs of an ONNX model are from expected ones or the input model's.";

    public EvaluationPlan Plan(StepRequest step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var (options, config) = StepOptions.Read(
            step,
            EvaluationJson.Default.AccuracyOptions,
            options => FaultsIn(options, step)
        );
        config.Remove(MetricLimits.Option);
        var facts = new StepFacts
        {
            Config = config,
            Environment = MachineFacts.ForOutputs(),
            Files = InputFiles.Of(options.Inputs, step),
        };
        return new EvaluationPlan(
            facts,
            (run, cancellationToken) =>
                Measurement.RunAsync(() => Measure(options, step, run, cancellationToken), cancellationToken)
        )
        {
            NeedsInput = options.Against == Against.Input,
            Missed = figures => Limits.Missed(options.Limits, figures),
        };
    }

    private static IReadOnlyDictionary<string, double> Measure(
        AccuracyOptions options,
        StepRequest step,
        EvaluationRun run,
        CancellationToken cancellationToken
    )
    {
        using var model = Measurement.Load(
            run.ModelPath,
            run.Model.Files.Select(file => file.Path),
            options.File,
            threads: 1
        );
        using var input = options.Against == Against.Input ? LoadInput(run, options) : null;
        var comparison = new Comparison(model.Outputs, options.Scores);
        var maker = new SampleMaker(options.Dimensions, options.Seed);
        var samples = options.Inputs is { } path
            ? SampleFiles.Read(InputFiles.FullPath(path, step)).Select(sample => (sample.Source, FromFile(sample)))
            : Enumerable
                .Range(0, options.Samples)
                .Select(i => (string.Create(CultureInfo.InvariantCulture, $"sample {i}"), Made(i)));
        foreach (var (source, pair) in samples)
        {
            var wanted = options.Outputs ?? [.. pair.Expected.Keys];
            CheckOutputs(source, wanted, pair.Expected.Keys, model);
            comparison.Add(source, wanted, pair.Expected, model.Run(pair.Inputs, wanted, cancellationToken));
        }
        return comparison.Figures();

        (IReadOnlyDictionary<string, Tensor> Inputs, IReadOnlyDictionary<string, Tensor> Expected) FromFile(
            Sample sample
        ) =>
            (
                sample.ReadInputs(model.Inputs),
                input is null
                    ? sample.ReadExpected(model.Outputs)
                    : input.Run(sample.ReadInputs(input.Inputs), cancellationToken)
            );

        (IReadOnlyDictionary<string, Tensor> Inputs, IReadOnlyDictionary<string, Tensor> Expected) Made(int sample) =>
            (maker.Make(model.Inputs, sample), input!.Run(maker.Make(input.Inputs, sample), cancellationToken));
    }

    private static OnnxModel LoadInput(EvaluationRun run, AccuracyOptions options)
    {
        var directory =
            run.InputPath
            ?? throw new ArgumentException("The plan needs the input model, and there is none.", nameof(run));
        var files = Directory
            .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(directory, file));
        return Measurement.Load(directory, files, options.InputFile, threads: 1);
    }

    private static void CheckOutputs(
        string source,
        IReadOnlyCollection<string> wanted,
        IEnumerable<string> expected,
        OnnxModel model
    )
    {
        string[] given = [.. expected];
        if (wanted.Count == 0)
            throw Measurement.Permanent($"{source}: there is no output to compare.");
        if (wanted.FirstOrDefault(name => !given.Contains(name, StringComparer.Ordinal)) is { } missing)
        {
            throw Measurement.Permanent(
                $"{source}: there is no output '{missing}' to compare with; there are {Names.Of(given)}."
            );
        }
        if (wanted.FirstOrDefault(name => model.Outputs.All(output => output.Name != name)) is { } unknown)
        {
            throw Measurement.Permanent(
                $"The model has no output '{unknown}'; it has {Names.Of(model.Outputs)}. Name those to compare in 'outputs'."
            );
        }
    }

    private static IEnumerable<(string Name, string Message)> FaultsIn(AccuracyOptions options, StepRequest step) =>
        [
            .. OptionFaults.Range("samples", options.Samples, 1, MaxSamples),
            .. OptionFaults.Dimensions(options.Dimensions),
            .. InputFiles.FaultsIn(options.Inputs, step),
            .. ExcludedIn(options, step),
            .. Limits.FaultsIn(options.Limits),
        ];

    private static IEnumerable<(string Name, string Message)> ExcludedIn(AccuracyOptions options, StepRequest step)
    {
        if (options.Inputs is null && options.Against == Against.Expected)
            yield return ("against", "'expected' needs 'inputs', a file of samples with their outputs: name it.");
        if (options.Against == Against.Expected && options.InputFile is not null)
            yield return (
                "input_file",
                "The input model is not looked at with \"against\": \"expected\": leave it out."
            );
        if (
            options.Outputs is { } outputs
            && (outputs.Count == 0 || outputs.Distinct(StringComparer.Ordinal).Count() < outputs.Count)
        )
            yield return ("outputs", "It names no output, or one twice: name each output to compare once.");
        if (options.Inputs is null)
            yield break;
        foreach (var made in ForMade.Where(step.Config.ContainsKey))
            yield return (made, "It is for inputs that are made, and 'inputs' gives them: leave one of the two out.");
    }
}
