using Larder.Content;
using Larder.Telemetry;

namespace Larder.Passes.Running;

/// <summary>What a run of a workflow did and gave. Disposing it gives the lease on the final model back.</summary>
public sealed record WorkflowResult : IDisposable
{
    /// <summary>The reference of the model that it began with.</summary>
    public required string Input { get; init; }

    /// <summary>The version of that model: the digest of its manifest; null where nobody here has seen its bytes.</summary>
    public Digest? InputManifest { get; init; }

    /// <summary>Bytes of all its files; null where they are not known here.</summary>
    public long? InputBytes { get; init; }

    /// <summary>The passes in their order.</summary>
    public required IReadOnlyList<PassResult> Passes { get; init; }

    /// <summary>The evaluations in their order.</summary>
    public required IReadOnlyList<EvaluationResult> Evaluations { get; init; }

    /// <summary>The final model.</summary>
    public required WorkflowOutput Output { get; init; }

    /// <summary>Bytes of model files and figures that came over the network, from the origin and the shared store.</summary>
    public long BytesFetched { get; init; }

    /// <summary>Bytes of files that were sent to the shared store.</summary>
    public long BytesPublished { get; init; }

    /// <summary>Seconds that the run took.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds that hits took whoever computed them, and so not this run.</summary>
    public double SecondsSaved { get; init; }

    /// <summary>What did not go as it should, though the result is right: sentences for people.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether figures miss a limit of the workflow: the run has failed, and its model is not laid out.</summary>
    public bool HasMissedLimits => Evaluations.Any(evaluation => evaluation.Missed.Count > 0);

    /// <summary>The counts that all caches have, of this run alone: its passes and evaluations, and the models that passes made.</summary>
    public CacheStatistics Cache
    {
        get
        {
            List<StepOutcome> outcomes =
            [
                .. Passes.Select(pass => pass.Outcome),
                .. Evaluations.Select(evaluation => evaluation.Outcome),
            ];
            return new CacheStatistics
            {
                Hits = outcomes.Count(outcome => outcome is StepOutcome.LocalHit or StepOutcome.SharedHit),
                Misses = outcomes.Count(outcome => outcome is StepOutcome.Computed),
                Entries = outcomes.Count(outcome => outcome is not StepOutcome.NotNeeded),
                Bytes = Passes.Sum(pass => pass.SizeBytes ?? 0),
                BytesSaved = Passes
                    .Where(pass => pass.Outcome is StepOutcome.LocalHit)
                    .Sum(pass => pass.SizeBytes ?? 0),
                TimeSaved = TimeSpan.FromSeconds(SecondsSaved),
            };
        }
    }

    /// <summary>Gives the lease on the final model back; does nothing the second time.</summary>
    public void Dispose() => Output.Dispose();
}
