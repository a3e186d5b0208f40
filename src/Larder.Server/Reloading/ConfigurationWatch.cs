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

    public ConfigurationWatch(string file, TimeProvider timeProvider, ILogger logger)
    {
        _file = file;
        _timeProvider = timeProvider;
        _seen = TryRead();
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
            var now = TryRead();
            if (Interlocked.Exchange(ref _isAsked, 0) == 1 || (now != _seen && await HasSettledAsync(now)))
            {
                _seen = TryRead();
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
            return TryRead() == now;
        }
    }

    public void Dispose() => _watcher?.Dispose();

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

    // Null for a file that cannot be read, which is a change as well.
    private Digest? TryRead()
    {
        try
        {
            return Digest.Of(File.ReadAllBytes(_file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
