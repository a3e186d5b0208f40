using Microsoft.Extensions.Logging;

namespace Larder.Recordings;

/// <summary>The recordings in one directory: answers calls from them, or makes the calls and records them.</summary>
/// <remarks>Safe for many threads and tests at once; several processes may share a directory.</remarks>
public sealed class Recordings : IDisposable
{
    /// <summary>Opens a directory of recordings; nothing is read or made yet.</summary>
    /// <exception cref="RecordingException">An option or a variable of the environment is wrong.</exception>
    public Recordings(
        RecordingsOptions options,
        ILogger<Recordings>? logger = null,
        TimeProvider? timeProvider = null
    ) => throw new NotImplementedException();

    /// <summary>What becomes of calls.</summary>
    public RecordingMode Mode { get; }

    /// <summary>The full path of the directory.</summary>
    public string Directory { get; } = "";

    /// <summary>What became of the calls so far.</summary>
    public RecordingsStatistics Statistics => throw new NotImplementedException();

    /// <summary>The answers that have drifted so far, in <see cref="RecordingMode.Compare"/>.</summary>
    public IReadOnlyList<RecordingDrift> Drifts => throw new NotImplementedException();

    /// <summary>Records or replays the marked methods of a service; live, it gives back the very service.</summary>
    /// <typeparam name="T">An interface.</typeparam>
    /// <param name="instance">The service.</param>
    /// <param name="deployment">What it is called and configured with; null for its class's full name and no configuration.</param>
    /// <exception cref="NotRecordableException">A marked method cannot be recorded.</exception>
    public T Wrap<T>(T instance, Deployment? deployment = null)
        where T : class => throw new NotImplementedException();

    /// <summary>The same of a service that is made when the first call needs it; in replay never.</summary>
    public T Wrap<T>(Func<T> make, Deployment deployment)
        where T : class => throw new NotImplementedException();

    /// <summary>Answers one call.</summary>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="call">Which call.</param>
    /// <param name="live">Makes it.</param>
    /// <param name="cancellationToken">Stops it; a call that was cancelled is not recorded.</param>
    public Task<T> GetOrRecordAsync<T>(
        RecordedCall call,
        Func<CancellationToken, Task<T>> live,
        CancellationToken cancellationToken = default
    ) => throw new NotImplementedException();

    /// <summary>The same for a call that answers nothing.</summary>
    public Task GetOrRecordAsync(
        RecordedCall call,
        Func<CancellationToken, Task> live,
        CancellationToken cancellationToken = default
    ) => throw new NotImplementedException();

    /// <summary>The same for a synchronous call.</summary>
    public T GetOrRecord<T>(RecordedCall call, Func<T> live) => throw new NotImplementedException();

    /// <summary>The same for a stream: recorded when it has come to its end, item by item.</summary>
    public IAsyncEnumerable<T> StreamAsync<T>(
        RecordedCall call,
        Func<CancellationToken, IAsyncEnumerable<T>> live,
        CancellationToken cancellationToken = default
    ) => throw new NotImplementedException();

    /// <summary>Writes down what was used.</summary>
    public void Dispose() { }
}
