using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Reloading;

/// <summary>Tells when the bytes of a file have changed, in whatever way they did.</summary>
/// <remarks>
/// Written in place, replaced by a rename, or by a link that is switched somewhere on its path, as Kubernetes does it: what
/// happens in its directory only says when to look, and so does a timer, for file systems and links that say nothing.
/// </remarks>
internal sealed class ConfigurationWatch : IDisposable
{
    /// <summary>How long it is waited for more changes; an editor makes several.</summary>
    internal static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it is looked at where nobody says that something changed.</summary>
    internal static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly string _file;
    private readonly TimeProvider _timeProvider;
    private readonly FileSystemWatcher? _watcher;
    private volatile TaskCompletionSource _signal = NewSource();
    private Digest? _seen;
    private int _isAsked;

    /// <summary>Begins to watch.</summary>
    /// <param name="file">The file.</param>
    /// <param name="seen">What the file was when its reader read it: a change since then is one as well.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where it says that it cannot watch.</param>
    public ConfigurationWatch(string file, Digest? seen, TimeProvider timeProvider, ILogger logger)
    {
        _file = file;
        _timeProvider = timeProvider;
        _seen = seen;
        _watcher = TryWatch(Path.GetDirectoryName(file)!, logger);
    }

    /// <summary>Ends the wait though nothing may have changed.</summary>
    public void Ask()
    {
        Volatile.Write(ref _isAsked, 1);
        Signal();
    }

    /// <summary>Waits until the file is another than it was when this last ended, and has been so for a moment.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var signal = _signal;
            var now = TryRead(_file);
            if (Interlocked.Exchange(ref _isAsked, 0) == 1 || (now != _seen && await HasSettledAsync(now)))
            {
                _seen = TryRead(_file);
                return;
            }
            await signal
                .Task.WaitAsync(PollInterval, _timeProvider, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            // Not at once: a directory may have a log in it that is written to all the time.
            if (Volatile.Read(ref _isAsked) == 0)
                await Task.Delay(Settling, _timeProvider, cancellationToken);
        }

        async Task<bool> HasSettledAsync(Digest? now)
        {
            await Task.Delay(Settling, _timeProvider, cancellationToken);
            return TryRead(_file) == now;
        }
    }

    public void Dispose() => _watcher?.Dispose();

    /// <summary>The digest of a file's bytes; null for one that cannot be read, which is a change as well.</summary>
    internal static Digest? TryRead(string file)
    {
        try
        {
            return Digest.Of(File.ReadAllBytes(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private FileSystemWatcher? TryWatch(string directory, ILogger logger)
    {
        try
        {
            var watcher = new FileSystemWatcher(directory)
            {
                NotifyFilter =
                    NotifyFilters.FileName
                    | NotifyFilters.DirectoryName
                    | NotifyFilters.LastWrite
                    | NotifyFilters.Size
                    | NotifyFilters.CreationTime,
            };
            watcher.Created += (_, _) => Signal();
            watcher.Changed += (_, _) => Signal();
            watcher.Deleted += (_, _) => Signal();
            watcher.Renamed += (_, _) => Signal();
            // More happened than could be told.
            watcher.Error += (_, _) => Signal();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The machine's inotify instances are used up, as a rule.
            logger.NotWatched(_file, PollInterval, failure.Message);
            return null;
        }
    }

    private void Signal() => Interlocked.Exchange(ref _signal, NewSource()).TrySetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
