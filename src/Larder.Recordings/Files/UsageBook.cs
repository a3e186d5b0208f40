using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>All that processes have noted of a directory.</summary>
internal sealed class UsageBook
{
    /// <summary>How the name of a log ends.</summary>
    public const string Extension = ".jsonl";

    private const int KeptRuns = 3;
    private const int KeptLogs = 100;

    // Names of runs are used again, such as that of a nightly one; no run takes longer.
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(1);

    private readonly List<UsageRecord> _records;

    private readonly List<string> _unreadable = [];

    private UsageBook(IEnumerable<string> logs)
    {
        var records = new List<UsageRecord>();
        foreach (var log in logs)
        {
            if (UsageRecord.TryRead(log) is { } record)
                records.Add(record);
            else
                _unreadable.Add(log);
        }
        _records =
        [
            .. records
                .OrderByDescending(record => record.Started)
                .ThenBy(record => record.File, StringComparer.Ordinal),
        ];
    }

    /// <summary>The processes of the last run of all tests, the last one first; none when there was no run.</summary>
    public IReadOnlyList<UsageRecord> LastRun
    {
        get
        {
            var last = _records.Find(record => record.Run is not null);
            return last is null ? [] : [.. _records.Where(record => IsOf(last, record))];
        }
    }

    /// <summary>Reads all logs; one that cannot be read is passed over.</summary>
    public static UsageBook Read(string directory) => new(LogsOf(directory));

    /// <summary>Removes old logs. What cannot be removed stays.</summary>
    public static void Thin(string directory)
    {
        try
        {
            // As cheap as a listing until there are many.
            if (LogsOf(directory).Skip(KeptLogs).Any())
            {
                foreach (var record in Read(directory).Old())
                    File.Delete(record.File);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another process does the same, or the directory is read-only now.
        }
    }

    /// <summary>What any process that began no earlier has used.</summary>
    public HashSet<Digest> UsedSince(DateTimeOffset start) =>
        [.. _records.Where(record => record.Started >= start).SelectMany(record => record.Keys)];

    /// <summary>
    /// A log written no earlier that cannot be read, so that nobody knows what its process used: cut, or of a newer version; null
    /// when there is none.
    /// </summary>
    public string? UnreadableSince(DateTimeOffset start) =>
        _unreadable.Find(log => File.GetLastWriteTimeUtc(log) >= start.UtcDateTime);

    /// <summary>When each recording was used last, as far as is known.</summary>
    public Dictionary<Digest, DateTimeOffset> LastUses()
    {
        var uses = new Dictionary<Digest, DateTimeOffset>();
        foreach (var record in _records)
        {
            foreach (var key in record.Keys)
                uses.TryAdd(key, record.Started);
        }
        return uses;
    }

    // The last few runs of all tests stay, and of other processes a number. Those since the last run tell, with it, what is needed:
    // of these only such go as tell nothing that one which stays does not tell.
    private IEnumerable<UsageRecord> Old()
    {
        var runs = new List<UsageRecord>();
        var kept = 0;
        var since = LastRun is [.., var first] ? first.Started : (DateTimeOffset?)null;
        var told = new HashSet<Digest>();
        foreach (var record in _records)
        {
            if (record.Run is not null && !runs.Exists(run => IsOf(run, record)))
                runs.Add(record);
            var isOfKeptRun = record.Run is not null && runs.Count <= KeptRuns;
            var isOld = !isOfKeptRun && ++kept > KeptLogs / 2;
            if (
                isOld
                && (record.Started < since || since is null || (HasEnded(record) && told.IsSupersetOf(record.Keys)))
            )
                yield return record;
            else
                told.UnionWith(record.Keys);
        }
    }

    // A log that is still written to may tell more.
    private bool HasEnded(UsageRecord record) => record.IsClosed || _records[0].Started - record.Started >= LongestRun;

    private static bool IsOf(UsageRecord last, UsageRecord record) =>
        record.Run == last.Run && last.Started - record.Started < LongestRun;

    private static IEnumerable<string> LogsOf(string directory)
    {
        var folder = Path.Join(directory, RecordingLayout.UsageFolder);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"*{Extension}") : [];
    }
}
