using Larder.TestKit;

namespace Larder.Passes.Tests.Running;

/// <summary>Measures how many bytes a model has, and counts how often it is asked.</summary>
internal sealed class FakeEvaluation : IEvaluation
{
    private int _runs;

    public string Name => "bytes";

    public int Version { get; set; } = 1;

    public string Summary => "Counts bytes.";

    public int Runs => Volatile.Read(ref _runs);

    public bool NeedsInput { get; set; }

    public Func<IReadOnlyDictionary<string, double>, IReadOnlyList<string>> Missed { get; set; } = static _ => [];

    public Gate Running { get; } = new();

    /// <summary>Given instead of the usual figures, if it is set.</summary>
    public Func<EvaluationRun, IReadOnlyDictionary<string, double>>? Instead { get; set; }

    public EvaluationPlan Plan(StepRequest step) =>
        new(
            new StepFacts { Config = step.Config },
            async (run, token) =>
            {
                Interlocked.Increment(ref _runs);
                await Running.PassAsync(token);
                return Instead?.Invoke(run)
                    ?? new Dictionary<string, double>(StringComparer.Ordinal)
                    {
                        ["bytes"] = run.Model.SizeBytes,
                        ["input_files"] = run.InputPath is { } input ? Directory.GetFiles(input).Length : -1,
                    };
            }
        )
        {
            NeedsInput = NeedsInput,
            Missed = Missed,
        };
}
