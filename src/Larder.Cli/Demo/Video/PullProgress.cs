using Larder.Passes.Running;
using Larder.Transfer;

namespace Larder.Cli.Demo.Video;

/// <summary>Tells of a pull as workflows tell of theirs, so that one display shows both, and no two draw at once.</summary>
internal sealed class PullProgress(IProgress<WorkflowProgress> display) : IProgress<TransferProgress>
{
    public void Report(TransferProgress value) =>
        display.Report(new WorkflowProgress(WorkflowStage.Pulling) { Transfer = value });
}
