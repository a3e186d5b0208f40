using Larder.Transfer;

namespace Larder.Pull;

/// <summary>A pull for as long as it runs: remembers its progress, and passes it on to who asked for it.</summary>
internal sealed class RunningPull(
    string reference,
    DateTimeOffset started,
    IProgress<TransferProgress>? listener,
    Action<RunningPull> end
) : IProgress<TransferProgress>, IDisposable
{
    private readonly Lock _lock = new();
    private TransferProgress? _progress;

    public PullStatus Status
    {
        get
        {
            lock (_lock)
                return new PullStatus(reference, started, _progress);
        }
    }

    public void Report(TransferProgress value)
    {
        lock (_lock)
            _progress = value;
        listener?.Report(value);
    }

    public void Dispose() => end(this);
}
