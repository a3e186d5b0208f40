using System.Collections.Concurrent;
using System.Globalization;
using Larder.Content;
using Larder.Sharing;

namespace Larder.Passes.Running;

/// <summary>What a run sends to the shared store while it goes on, and waits for before it ends.</summary>
/// <remarks>Owns the tasks that send: none of them is left when this is disposed.</remarks>
internal sealed class Publications(ModelCache cache, SharedCache shared, Action<WorkflowProgress> report)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly ConcurrentQueue<string> _warnings = new();
    private readonly Lock _lock = new();

    // Under the lock.
    private readonly List<Task> _tasks = [];
    private bool _isClosed;

    private long _bytesSent;

    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public IReadOnlyList<string> Warnings => [.. _warnings];

    /// <summary>Begins to publish an answer; false when the run is over, and the lease stays the caller's.</summary>
    /// <param name="step">The step.</param>
    /// <param name="answer">What the local store has.</param>
    /// <param name="keys">The keys that it answers there.</param>
    /// <param name="lease">Given back when it is published; null for none.</param>
    public bool TryStart(PlannedStep step, StepAnswer answer, IReadOnlyList<EntryKey> keys, SharedLease? lease)
    {
        lock (_lock)
        {
            if (_isClosed)
                return false;
            _tasks.Add(Task.Run(() => PublishAsync(step, answer, keys, lease)));
            return true;
        }
    }

    /// <summary>Waits until all is published.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Close()).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        var tasks = Close();
        await _cancellation.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _cancellation.Dispose();
    }

    private Task[] Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return [.. _tasks];
        }
    }

    private async Task PublishAsync(
        PlannedStep step,
        StepAnswer answer,
        IReadOnlyList<EntryKey> keys,
        SharedLease? lease
    )
    {
        report(new WorkflowProgress(WorkflowStage.Publishing, step.Name));
        try
        {
            // The first sends the files, and the others find them there.
            foreach (var key in keys)
            {
                var publication = await cache.PublishAsync(shared, key, _cancellation.Token).ConfigureAwait(false);
                Interlocked.Add(ref _bytesSent, publication.BytesSent);
                if (WarningOf(step, key, answer, publication) is { } warning)
                {
                    _warnings.Enqueue(warning);
                    break;
                }
            }
        }
        catch (LarderException failure)
        {
            // The local store's, for the shared one throws none: the result is there all the same.
            _warnings.Enqueue($"{step} could not be published: {failure.Message}");
        }
        finally
        {
            if (lease is not null)
                await lease.DisposeAsync().ConfigureAwait(false);
        }
    }

    private string? WarningOf(PlannedStep step, EntryKey key, StepAnswer answer, SharedPublication publication) =>
        publication.Outcome switch
        {
            SharedOutcome.Different => string.Create(
                CultureInfo.InvariantCulture,
                $"{step} gave {answer.Manifest} here, and for the same key {key.Digest} the shared store '{shared.Store.Location}' has {publication.Manifest}, which stays: what it does depends on something that its key does not have."
            ),
            SharedOutcome.NotPublished =>
                $"{step} could not be published in the shared store '{shared.Store.Location}': its own warning says why. Others compute it again.",
            _ => null,
        };
}
