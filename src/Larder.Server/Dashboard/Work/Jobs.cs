using Larder.Transfer;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Dashboard.Work;

/// <summary>What was asked for on the page: it goes on when whoever asked has left, and ends with the server.</summary>
internal sealed class Jobs(TimeProvider timeProvider, ILogger<Jobs> logger) : IHostedService, IAsyncDisposable
{
    /// <summary>How many are remembered, running ones apart.</summary>
    internal const int Capacity = 20;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();

    // The latest last.
    private readonly List<Job> _jobs = [];
    private int _lastId;
    private bool _isDisposed;

    /// <summary>Begins one; while the same is being done for somebody, that one is given.</summary>
    /// <param name="verb">What is done.</param>
    /// <param name="target">With what, for people.</param>
    /// <param name="key">With what, for this server: several targets may be called the same.</param>
    /// <param name="work">Does it and says in a sentence what came of it.</param>
    public Job Start(
        string verb,
        string target,
        string key,
        Func<IProgress<TransferProgress>, CancellationToken, Task<string>> work
    )
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            if (_jobs.Find(job => job.IsRunning(verb, key)) is { } same)
                return same;
            var begun = new Job(new JobStatus(++_lastId, verb, target, timeProvider.GetUtcNow()), key);
            _jobs.Add(begun);
            if (_jobs.Count > Capacity && _jobs.Find(job => job.Status.State != JobState.Running) is { } oldest)
                _jobs.Remove(oldest);
            // Not on this thread: under the lock no work is begun.
            begun.Work = Task.Run(() => RunAsync(begun, work));
            return begun;
        }
    }

    /// <summary>All of them, the latest first.</summary>
    public IReadOnlyList<JobStatus> List()
    {
        lock (_lock)
            return [.. Enumerable.Reverse(_jobs).Select(job => job.Status)];
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Stops what is under way, and ends when it has ended: the caches that it uses go after that.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] running;
        lock (_lock)
        {
            _stop.Cancel();
            running = [.. _jobs.Select(job => job.Work)];
        }
        await Task.WhenAll(running).WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // Twice, as it is two services of the container.
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await StopAsync(CancellationToken.None);
        _stop.Dispose();
    }

    private async Task RunAsync(Job job, Func<IProgress<TransferProgress>, CancellationToken, Task<string>> work)
    {
        var (verb, target) = (job.Status.Verb, job.Status.Target);
        try
        {
            var message = await work(job, _stop.Token);
            job.End(JobState.Done, message, timeProvider.GetUtcNow());
            logger.JobDone(verb, target, message);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            job.End(JobState.Failed, "The server stopped before it was done.", timeProvider.GetUtcNow());
        }
        catch (LarderException failure)
        {
            job.End(JobState.Failed, failure.Message, timeProvider.GetUtcNow());
            logger.JobFailed(verb, target, failure.Message);
        }
        catch (Exception failure)
        {
            // Nobody awaits it: what is not told here is told nowhere.
            job.End(
                JobState.Failed,
                "It failed in a way that nobody foresaw. The server's log has the reason.",
                timeProvider.GetUtcNow()
            );
            logger.JobBroke(verb, target, failure);
        }
    }
}
