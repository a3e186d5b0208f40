using System.Collections.Concurrent;
using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>Notes which recordings this process has used, for <c>larder recordings list</c> and <c>prune</c>.</summary>
/// <remarks>
/// A file of each process, made with its first note: who is killed leaves what was noted, and no line that says it ended. Safe
/// for many threads. Notes are worth no failure and no wait: they are not synced, and what cannot be written is passed over.
/// </remarks>
internal sealed class UsageLog(string directory, TimeProvider timeProvider) : IDisposable
{
    /// <summary>The variable that names a run of all tests.</summary>
    public const string RunVariable = "LARDER_RECORDINGS_RUN";

    private readonly ConcurrentDictionary<Digest, bool> _noted = new();
    private readonly Lock _lock = new();

    // Under the lock.
    private FileStream? _file;
    private bool _isClosed;

    /// <summary>The run that this process is a part of; null when it is none of all tests.</summary>
    public string? Run { get; init; } =
        Environment.GetEnvironmentVariable(RunVariable) is { Length: > 0 } name ? name : null;

    /// <summary>What becomes of calls in this process; null where nobody says.</summary>
    public RecordingMode? Mode { get; init; }

    /// <summary>Notes a use; cheap, and the first of a key only.</summary>
    public void Note(EntryKey key)
    {
        if (_noted.TryAdd(key.Digest, true))
            Append(() => UsageLine.Key(key.Digest));
    }

    /// <summary>Writes that this process has ended as it should. A directory that cannot be written is passed over.</summary>
    public void Dispose()
    {
        // A process that forgets to dispose of its recordings ends as it should all the same.
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        if (!_noted.IsEmpty)
            Append(() => UsageLine.Closed(timeProvider.GetUtcNow()));
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _file?.Dispose();
        }
        UsageBook.Thin(directory);
    }

    private void Append(Func<byte[]> line)
    {
        lock (_lock)
        {
            if (_isClosed)
                return; // A call that ended after its recordings were disposed of: it is worth no failure.
            try
            {
                (_file ??= Open()).Write(line());
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _isClosed = true;
                _file?.Dispose();
            }
        }
    }

    private FileStream Open()
    {
        var folder = Path.Join(directory, RecordingLayout.UsageFolder);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Join(folder, ".gitignore"), "*\n");
        }
        var file = new FileStream(
            Path.Join(folder, $"{Guid.NewGuid():n}{UsageBook.Extension}"),
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.Read | FileShare.Delete,
            bufferSize: 0
        );
        file.Write(UsageLine.Header(Run, Mode, timeProvider.GetUtcNow()));
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        return file;
    }

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();
}
