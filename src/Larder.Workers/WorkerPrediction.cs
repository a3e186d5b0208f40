using System.Text.Json;
using Larder.Content;
using Larder.Pull;

namespace Larder.Workers;

/// <summary>What a worker answered, and what each step took.</summary>
public sealed record WorkerPrediction
{
    /// <summary>The outputs by name: an object of at least one member, in the order of the worker.</summary>
    public required JsonElement Outputs { get; init; }

    /// <summary>The version of the model: the digest of its manifest.</summary>
    public required Digest Version { get; init; }

    /// <summary>How the model's files were come by.</summary>
    public required PullOutcome Files { get; init; }

    /// <summary>Whether no byte of the model came from its origin for this prediction.</summary>
    public required bool FromCache { get; init; }

    /// <summary>Whether its workers were there already.</summary>
    public required bool GraphFromCache { get; init; }

    /// <summary>Time to make the files available.</summary>
    public required TimeSpan FilesTime { get; init; }

    /// <summary>Time until the workers were ready.</summary>
    public required TimeSpan LoadTime { get; init; }

    /// <summary>Time to wait for a worker and its answer.</summary>
    public required TimeSpan RunTime { get; init; }

    /// <summary>The whole.</summary>
    public TimeSpan TotalTime => FilesTime + LoadTime + RunTime;
}
