namespace Larder.Store.Usage;

/// <summary>All that was noted of the use of a store: the summary and the logs that are not in it yet.</summary>
/// <remarks>Use is worth no failure: what cannot be read counts as nothing.</remarks>
internal sealed class UsageBook(StoreLayout layout)
{
    /// <summary>Logs that may lie about before somebody folds them.</summary>
    public const int MostLogs = 256;

    /// <summary>The names of all logs.</summary>
    public static IEnumerable<string> Logs(StoreLayout layout) => Directory.EnumerateFiles(layout.Usage, "*.jsonl");

    /// <summary>The sums, without a look at each entry.</summary>
    public UsageTotals Sum()
    {
        var summary = ReadHead() ?? new UsageSummary();
        var totals = summary.Totals;
        foreach (var path in Logs(layout))
        {
            if (summary.Folded.Contains(Path.GetFileName(path)))
                continue;
            foreach (var record in Records(path))
                totals = totals.Add(record);
        }
        return totals;
    }

    /// <summary>The summary with all logs added, those of living processes among them.</summary>
    public UsageSummary Read()
    {
        var summary = ReadSummary() ?? new UsageSummary();
        foreach (var path in Logs(layout).Where(path => !summary.Folded.Contains(Path.GetFileName(path))))
            AddAll(path, summary);
        return summary;
    }

    /// <summary>Adds the logs of processes that have ended to the summary, and removes them.</summary>
    public void Fold()
    {
        using var held = LockFile.TryAcquire(layout.FoldLock, exclusive: true);
        if (held is null)
            return;
        var before = ReadSummary() ?? new UsageSummary();
        // What an earlier fold has counted, and was killed before it removed.
        foreach (var name in before.Folded)
            Posix.Unlink(Path.Combine(layout.Usage, name));

        var summary = new UsageSummary { Totals = before.Totals };
        foreach (var (key, use) in before.Entries)
            summary.Entries.Add(key, use);
        foreach (var path in Logs(layout).Where(IsDead))
        {
            AddAll(path, summary);
            summary.Folded.Add(Path.GetFileName(path));
        }
        if (summary.Folded.Count == 0 && before.Folded.Count == 0)
            return;
        var temporary = $"{layout.Summary}.new";
        Posix.Unlink(temporary);
        Durability.WriteFile(temporary, summary.Write());
        Posix.Rename(temporary, layout.Summary);
        Posix.SyncDirectory(layout.Root);
        foreach (var name in summary.Folded)
            Posix.Unlink(Path.Combine(layout.Usage, name));
    }

    // A process keeps its log locked as long as it lives.
    private static bool IsDead(string path)
    {
        using var file = Posix.TryOpenToLock(path);
        if (file is null || !Posix.TryLock(file, exclusive: true, path))
            return false;
        Posix.Unlock(file);
        return true;
    }

    private UsageSummary? ReadSummary() => TryReadAll(layout.Summary) is { } bytes ? UsageSummary.TryRead(bytes) : null;

    private UsageSummary? ReadHead()
    {
        try
        {
            using var file = Posix.TryOpenLocked(layout.Summary);
            if (file is null)
                return null;
            var length = RandomAccess.GetLength(file);
            for (long size = 1 << 16; ; size *= 4)
            {
                var buffer = new byte[Math.Min(size, length)];
                var read = RandomAccess.Read(file, buffer, fileOffset: 0);
                if (UsageSummary.TryReadHead(buffer.AsSpan(0, read)) is { } head || size >= length)
                    return UsageSummary.TryReadHead(buffer.AsSpan(0, read));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void AddAll(string path, UsageSummary summary)
    {
        foreach (var record in Records(path))
            summary.Add(record);
    }

    private static List<UsageRecord> Records(string path)
    {
        var records = new List<UsageRecord>();
        ReadOnlySpan<byte> rest = TryReadAll(path) ?? [];
        while (rest.Length > 0)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (UsageLine.TryRead(line) is { } record)
                records.Add(record);
        }
        return records;
    }

    private static byte[]? TryReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
