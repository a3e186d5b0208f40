using System.Globalization;
using Larder.Passes;

namespace Larder.Onnx.Evaluations;

/// <summary>Measures how long one run of an ONNX model takes on this machine, one run after the other.</summary>
internal sealed class OnnxLatencyEvaluation : IEvaluation
{
    // Times are kept until the end for the percentile: of runs of microseconds not more than a few megabytes of them.
    private const int MaxRuns = 1_000_000;
    private const int MaxThreads = 1024;
    private const int MaxSeconds = 3600;

    private static readonly MetricLimits Limits = new(
        [LatencyFigures.Median, LatencyFigures.P95, LatencyFigures.Min, LatencyFigures.Mean],
        [LatencyFigures.RunsPerSecond]
    );

    private readonly TimeProvider _time;

    public OnnxLatencyEvaluation(TimeProvider time) => _time = time;

    public string Name => "onnx-latency";

    public int Version => 1;

    public string Summary => "Measures how long a run of an ONNX model takes on this machine.";

    public EvaluationPlan Plan(StepRequest step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var (options, config) = StepOptions.Read(
            step,
            EvaluationJson.Default.LatencyOptions,
            options => FaultsIn(options, step)
        );
        config.Remove(MetricLimits.Option);
        var facts = new StepFacts
        {
            Config = config,
            Environment = MachineFacts.ForTimes(),
            Files = InputFiles.Of(options.Inputs, step),
        };
        return new EvaluationPlan(
            facts,
            (run, cancellationToken) =>
                Measurement.RunAsync(() => Measure(options, step, run, cancellationToken), cancellationToken)
        )
        {
            Missed = figures => Limits.Missed(options.Limits, figures),
        };
    }

    /// <summary>Runs for at least so many runs and at least so long, and tells how long each took.</summary>
    internal List<TimeSpan> Time(Action run, LatencyOptions options, CancellationToken cancellationToken)
    {
        for (var i = 0; i < options.Warmup; i++)
            run();
        var enough = TimeSpan.FromSeconds(options.Seconds);
        var times = new List<TimeSpan>(options.Runs);
        var begin = _time.GetTimestamp();
        while (times.Count < options.Runs || (_time.GetElapsedTime(begin) < enough && times.Count < MaxRuns))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var before = _time.GetTimestamp();
            run();
            times.Add(_time.GetElapsedTime(before));
        }
        return times;
    }

    private IReadOnlyDictionary<string, double> Measure(
        LatencyOptions options,
        StepRequest step,
        EvaluationRun run,
        CancellationToken cancellationToken
    )
    {
        using var model = Measurement.Load(
            run.ModelPath,
            run.Model.Files.Select(file => file.Path),
            options.File,
            options.Threads
        );
        IReadOnlyDictionary<string, Tensor> inputs = options.Inputs is { } path
            ? SampleFiles.Read(InputFiles.FullPath(path, step)).First().ReadInputs(model.Inputs)
            : new SampleMaker(options.Dimensions, options.Seed).Make(model.Inputs, sample: 0);
        var times = Time(() => model.Run(inputs, cancellationToken), options, cancellationToken);
        var figures = LatencyFigures.Of(times);
        run.Log(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{times.Count} runs, {figures[LatencyFigures.Median]:G4} ms in the median, {figures[LatencyFigures.P95]:G4} ms at the 95th percentile."
            )
        );
        return figures;
    }

    private static IEnumerable<(string Name, string Message)> FaultsIn(LatencyOptions options, StepRequest step) =>
        [
            .. OptionFaults.Range("warmup", options.Warmup, 0, MaxRuns),
            .. OptionFaults.Range("runs", options.Runs, 1, MaxRuns),
            .. OptionFaults.Range("seconds", options.Seconds, 0, MaxSeconds),
            .. OptionFaults.Range("threads", options.Threads, 1, MaxThreads),
            .. OptionFaults.Dimensions(options.Dimensions),
            .. InputFiles.FaultsIn(options.Inputs, step),
            .. Limits.FaultsIn(options.Limits),
        ];
}
