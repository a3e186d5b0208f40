using System.Globalization;
using System.Text;
using System.Text.Json;
using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Store;

/// <summary>What was used, when and what it saved: an append-only file of each process.</summary>
/// <remarks>Use is worth no failure and no wait: lines are not synced, and one that cannot be written is warned of once.</remarks>
internal sealed class UsageLog(StoreLayout layout, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private readonly Lock _lock = new();
    private FileStream? _file;
    private bool _failed;
    private bool _isClosed;

    public void Append(EntryKey key, UsageRecord record)
    {
        // No text in it needs an escape, and a JSON writer is slow to start in a short process.
        var time = timeProvider.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        var hit = record.Hit ? "true" : "false";
        var fetched = record.BytesFetched.ToString(CultureInfo.InvariantCulture);
        var saved = record.BytesSaved.ToString(CultureInfo.InvariantCulture);
        var seconds = record.TimeSaved.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture);
        var line =
            $$"""{"time":"{{time}}","key":"{{key.Digest.ToString()}}","hit":{{hit}},"bytes_fetched":{{fetched}},"bytes_saved":{{saved}},"seconds_saved":{{seconds}}}""";
        Write(Encoding.UTF8.GetBytes(line + '\n'));
    }

    /// <summary>Sums all that every process has logged.</summary>
    public UsageTotals Sum()
    {
        var totals = new UsageTotals();
        foreach (var path in Directory.EnumerateFiles(layout.Usage, "*.jsonl"))
        {
            foreach (var line in File.ReadLines(path))
            {
                if (TryParse(line) is { } record)
                    totals = totals.Add(record);
            }
        }
        return totals;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _file?.Dispose();
        }
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            if (_isClosed)
                return; // A pull that ended after its cache: its snapshot is worth more than this line.
            try
            {
                _file ??= new FileStream(
                    Path.Combine(layout.Usage, $"{Guid.NewGuid():n}.jsonl"),
                    FileMode.CreateNew,
                    FileAccess.Write,
                    FileShare.Read,
                    bufferSize: 0
                );
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

    private static UsageRecord? TryParse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return new UsageRecord(
                root.GetProperty("hit").GetBoolean(),
                root.GetProperty("bytes_fetched").GetInt64(),
                root.GetProperty("bytes_saved").GetInt64(),
                TimeSpan.FromSeconds(root.GetProperty("seconds_saved").GetDouble())
            );
        }
        catch (Exception malformed)
            when (malformed
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or OverflowException
            )
        {
            return null; // The last line of a process that died while writing it.
        }
    }
}
