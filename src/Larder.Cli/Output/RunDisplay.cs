using Larder.Passes.Running;

namespace Larder.Cli.Output;

/// <summary>Shows a run on standard error: a line for each thing that it begins, bars for what it transfers.</summary>
/// <param name="showsLines">Whether what passes and programs say is shown too.</param>
internal sealed class RunDisplay(bool showsLines) : IProgress<WorkflowProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private WorkflowProgress? _now;
    private TransferDisplay? _transfer;
    private Task _ending = Task.CompletedTask;

    public void Report(WorkflowProgress value)
    {
        lock (_lock)
        {
            if (value.Line is { } line)
            {
                if (showsLines)
                    Terminal.Message($"{value.Step}: {line}");
                return;
            }
            // It goes on beside what is shown.
            if (value.Stage == WorkflowStage.Publishing)
                return;
            var what = What(value);
            if (_now?.Stage != value.Stage || _now.Step != value.Step)
            {
                EndTransfer();
                if (value.Stage == WorkflowStage.Waiting)
                    _ = TellLaterAsync(value, what!);
                else if (what is not null && value.Transfer is null)
                    Terminal.Message(what);
            }
            _now = value;
            if (value.Transfer is { } transfer)
                (_transfer ??= new TransferDisplay(what ?? value.Stage.ToString())).Report(transfer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task ending;
        lock (_lock)
        {
            EndTransfer();
            ending = _ending;
        }
        await ending;
    }

    // Who is the first need not wait, and is told so at once.
    private async Task TellLaterAsync(WorkflowProgress value, string what)
    {
        await Task.Delay(Patience);
        lock (_lock)
        {
            if (ReferenceEquals(_now, value))
                Terminal.Message(what);
        }
    }

    private void EndTransfer()
    {
        if (_transfer is not { } transfer)
            return;
        _transfer = null;
        _ending = Task.WhenAll(_ending, transfer.DisposeAsync().AsTask());
    }

    // What is over before it can be read is not worth a line.
    private static string? What(WorkflowProgress progress) =>
        progress.Stage switch
        {
            WorkflowStage.Pulling => "input: getting the model",
            WorkflowStage.Fetching => $"{progress.Step}: from the shared store",
            WorkflowStage.Waiting => $"{progress.Step}: another worker computes it, waiting",
            WorkflowStage.Running => $"{progress.Step}: running",
            _ => null,
        };
}
