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
        using var buffer = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", timeProvider.GetUtcNow().UtcDateTime);
            json.WriteString("key", key.Digest.ToString());
            json.WriteBoolean("hit", record.Hit);
            json.WriteNumber("bytes_fetched", record.BytesFetched);
            json.WriteNumber("bytes_saved", record.BytesSaved);
            json.WriteNumber("seconds_saved", Math.Round(record.TimeSaved.TotalSeconds, 6));
            json.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
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
