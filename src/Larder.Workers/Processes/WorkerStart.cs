using Microsoft.Extensions.Logging;

namespace Larder.Workers.Processes;

/// <summary>All that workers of one pool are started with.</summary>
/// <param name="Program">The command, and its limits.</param>
/// <param name="SnapshotPath">The directory of the model's files.</param>
/// <param name="Model">What the model is called in messages.</param>
/// <param name="TimeProvider">The clock.</param>
/// <param name="Logger">Where what workers print goes.</param>
internal sealed record WorkerStart(
    WorkerProgram Program,
    string SnapshotPath,
    string Model,
    TimeProvider TimeProvider,
    ILogger Logger
)
{
    /// <summary>How long a worker that does nothing may take to say that it is well.</summary>
    public TimeSpan PingLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where workers have their directories; the system's place for what does not last.</summary>
    public string ScratchPath { get; init; } = Path.GetTempPath();
}
