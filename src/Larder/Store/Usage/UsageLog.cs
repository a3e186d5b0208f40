using Microsoft.Extensions.Logging;

namespace Larder.Store.Usage;

/// <summary>What was used, when and what it saved: an append-only file of each process, locked while it lives.</summary>
/// <remarks>Use is worth no failure and no wait: lines are not synced, and one that cannot be written is warned of once.</remarks>
internal sealed class UsageLog(StoreLayout layout, ILogger logger) : IDisposable
{
    private readonly Lock _lock = new();
    private FileStream? _file;
    private bool _mustFold;
    private bool _failed;
    private bool _isClosed;

    public void Append(UsageRecord record) => Write(UsageLine.Write(record));

    /// <summary>Closes the log. When many have gathered, the process that ends adds them up.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _file?.Dispose();
        }
        if (_mustFold)
            TryFold();
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (_isClosed)
                return; // A pull that ended after its cache: its snapshot is worth more than this line.
            try
            {
                _file ??= Open();
                _file.Write(line);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                if (!_failed)
                    logger.UsageNotWritten(layout.Usage, failure.Message);
                _failed = true;
            }
        }
    }

    private FileStream Open()
    {
        _mustFold = UsageBook.Logs(layout).Skip(UsageBook.MostLogs).Any();
        return new FileStream(
            Path.Combine(layout.Usage, $"{Guid.NewGuid():n}.jsonl"),
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.Read,
            bufferSize: 0
        );
    }

    private void TryFold()
    {
        try
        {
            new UsageBook(layout).Fold();
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            logger.UsageNotWritten(layout.Usage, failure.Message);
        }
    }
}
