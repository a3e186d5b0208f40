namespace Larder.Transfer;

/// <summary>
/// Counts what several files bring in at once and reports it: ten times a second at most, once a second while nothing comes, so
/// that a rate is seen to fall, and at the end.
/// </summary>
internal sealed class ProgressMeter(
    int files,
    long bytes,
    IProgress<TransferProgress>? progress,
    TimeProvider timeProvider
) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<FileMeter> _underWay = [];
    private readonly RateWindow _rate = new(timeProvider);
    private long _lastReport = timeProvider.GetTimestamp();
    private int _filesDone;
    private long _bytesDone;
    private ITimer? _silence;

    /// <summary>A file is begun.</summary>
    public FileMeter Begin(string path, long? sizeBytes)
    {
        var file = new FileMeter(this, path, sizeBytes, timeProvider);
        if (progress is not null)
        {
            lock (_lock)
            {
                _underWay.Add(file);
                _silence ??= timeProvider.CreateTimer(_ => BreakSilence(), null, LongestSilence, LongestSilence);
            }
        }
        return file;
    }

    /// <summary>A file is complete.</summary>
    public void Done(FileMeter file)
    {
        if (progress is null)
            return;
        TransferProgress report;
        lock (_lock)
        {
            _underWay.Remove(file);
            if (++_filesDone < files)
                return;
            report = Now;
        }
        progress.Report(report);
    }

    /// <summary>Nothing more is reported.</summary>
    public void Dispose()
    {
        lock (_lock)
            _underWay.Clear();
        _silence?.Dispose();
    }

    internal void Add(FileMeter file, long count, bool hasArrived)
    {
        if (progress is null)
            return;
        lock (_lock)
        {
            _bytesDone += count;
            file.Add(count, hasArrived);
            if (hasArrived)
                _rate.Add(count);
        }
        ReportAfter(Interval);
    }

    private void BreakSilence()
    {
        lock (_lock)
        {
            if (_underWay.Count == 0)
                return;
        }
        ReportAfter(LongestSilence);
    }

    private void ReportAfter(TimeSpan interval)
    {
        TransferProgress report;
        lock (_lock)
        {
            if (timeProvider.GetElapsedTime(_lastReport) < interval)
                return;
            _lastReport = timeProvider.GetTimestamp();
            report = Now;
        }
        progress!.Report(report);
    }

    private TransferProgress Now
    {
        get
        {
            var perSecond = _rate.PerSecond();
            return new TransferProgress(_filesDone, files, _bytesDone, bytes)
            {
                BytesPerSecond = perSecond,
                TimeLeft = RateWindow.TimeFor(bytes - _bytesDone, perSecond),
                UnderWay = [.. _underWay.Select(file => file.Now)],
            };
        }
    }
}
