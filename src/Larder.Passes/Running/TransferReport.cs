using Larder.Transfer;

namespace Larder.Passes.Running;

/// <summary>Tells of a transfer as a part of a run.</summary>
internal sealed class TransferReport(Action<WorkflowProgress> report, string step) : IProgress<TransferProgress>
{
    public void Report(TransferProgress value) =>
        report(new WorkflowProgress(WorkflowStage.Fetching, step) { Transfer = value });
}
