using Larder.Content;
using Larder.Pull.Targets;

namespace Larder.Passes.Running;

/// <summary>The final model of a run, as a read-only directory of the store's, held by a lease until this is disposed.</summary>
public sealed class WorkflowOutput : IDisposable
{
    private readonly HeldFiles _files;

    internal WorkflowOutput(HeldFiles files) => _files = files;

    /// <summary>The directory in the store. Its files may be removed at any time after this is disposed.</summary>
    public string Path => _files.Path;

    /// <summary>The files.</summary>
    public Manifest Manifest => _files.Manifest;

    /// <summary>What was done in <see cref="Workflow.Output"/>; null where the workflow names none, or figures miss a limit.</summary>
    public LayOutResult? LaidOut { get; internal init; }

    /// <summary>Gives the lease back; does nothing the second time.</summary>
    public void Dispose() => _files.Dispose();
}
