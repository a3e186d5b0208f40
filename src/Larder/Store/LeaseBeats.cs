using System.Collections.Concurrent;
using Larder.Content;

namespace Larder.Store;

/// <summary>Signs of life of those who hold leases where locks do nothing: a file each, touched every few seconds.</summary>
/// <remarks>
/// Who removes a snapshot leaves a mark first and then looks for signs of life; who leases it gives a sign of life first and then
/// looks for marks. Whatever the order, one of the two sees the other.
///
/// A sign is judged by the clock of the file system, which its holder and whoever looks share. One that is a little old may
/// belong to a holder whose clock was set, or who slept: it counts as life until it was seen unchanged for a while, or is very
/// old.
/// </remarks>
internal sealed class LeaseBeats(StoreLayout layout, TimeProvider timeProvider) : IDisposable
{
    private const string MarkPrefix = "removing-";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan VeryOld = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, byte> _own = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (long Modified, long SeenAt)> _seen = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private ITimer? _timer;

    /// <summary>Shows life for a lease until what this returns is disposed.</summary>
    public IDisposable Start(Digest manifest) => Start(manifest.ToString());

    /// <summary>Says that somebody is removing a snapshot, until what this returns is disposed.</summary>
    public IDisposable Mark(Digest manifest) => Start(MarkPrefix + manifest);

    /// <summary>Whether somebody is removing that snapshot.</summary>
    public bool IsMarked(Digest manifest) => IsAnyAlive(MarkPrefix + manifest);

    private Beating Start(string name)
    {
        var path = Path.Combine(layout.Beats, $"{name}.{Guid.NewGuid():n}");
        using (File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write)) { }
        _own.TryAdd(path, 0);
        lock (_lock)
            _timer ??= timeProvider.CreateTimer(_ => Beat(), null, Interval, Interval);
        return new Beating(this, path);
    }

    /// <summary>Whether a holder of a lease on that snapshot shows signs of life.</summary>
    public bool IsAlive(Digest manifest) => IsAnyAlive(manifest.ToString());

    public void Dispose()
    {
        lock (_lock)
            _timer?.Dispose();
    }

    private bool IsAnyAlive(string name) => Directory.EnumerateFiles(layout.Beats, name + ".*").Any(IsAlive);

    private void Beat()
    {
        foreach (var path in _own.Keys)
        {
            try
            {
                // A file written anew, and not a time set: the time is then the file system's.
                using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
                RandomAccess.Write(file, "."u8, fileOffset: 0);
            }
            catch (Exception failure) when (StoreFailure.Covers(failure))
            {
                // The next beat may succeed; until then the sign is as old as it looks.
            }
        }
    }

    private bool IsAlive(string path)
    {
        if (_own.ContainsKey(path))
            return true;
        if (!Posix.TryStatus(path, followLinks: false, out var status))
            return false;
        var age = TimeSpan.FromTicks(Math.Abs(Now() - status.ModifiedNanoseconds) / 100);
        if (age < Fresh)
            return true;
        if (age < VeryOld && !IsSeenUnchanged(path, status.ModifiedNanoseconds))
            return true;
        Posix.Unlink(path);
        return false;
    }

    private bool IsSeenUnchanged(string path, long modified)
    {
        var now = timeProvider.GetTimestamp();
        var (seen, seenAt) = _seen.GetOrAdd(path, (modified, now));
        if (seen == modified)
            return timeProvider.GetElapsedTime(seenAt, now) >= Fresh;
        _seen[path] = (modified, now);
        return false;
    }

    /// <summary>The time that the file system gives to what is written now.</summary>
    private long Now()
    {
        var path = Path.Combine(layout.Beats, "now");
        using (var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite))
            RandomAccess.Write(file, "."u8, fileOffset: 0);
        return Posix.TryStatus(path, out var status) ? status.ModifiedNanoseconds : 0;
    }

    private sealed class Beating(LeaseBeats beats, string path) : IDisposable
    {
        public void Dispose()
        {
            beats._own.TryRemove(path, out _);
            Posix.Unlink(path);
        }
    }
}
