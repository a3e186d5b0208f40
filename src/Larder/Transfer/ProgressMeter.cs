namespace Larder.Transfer;

/// <summary>Counts what several files bring in at once and reports it ten times a second at most, and at the end.</summary>
internal sealed class ProgressMeter(
    int files,
    long bytes,
    IProgress<TransferProgress>? progress,
    TimeProvider timeProvider
)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private long _lastReport = timeProvider.GetTimestamp();
    private int _filesDone;
    private long _bytesDone;

    public void Add(long count)
    {
        if (progress is null)
            return;
        TransferProgress report;
        lock (_lock)
        {
            _bytesDone += count;
            if (timeProvider.GetElapsedTime(_lastReport) < Interval)
                return;
            _lastReport = timeProvider.GetTimestamp();
            report = Now;
        }
        progress.Report(report);
    }

    public void FileDone()
    {
        if (progress is null)
            return;
        TransferProgress report;
        lock (_lock)
        {
            if (++_filesDone < files)
                return;
            report = Now;
        }
        progress.Report(report);
    }

    private TransferProgress Now => new(_filesDone, files, _bytesDone, bytes);
}
