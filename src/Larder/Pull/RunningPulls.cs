using System.Collections.Concurrent;
using Larder.Transfer;

namespace Larder.Pull;

/// <summary>The pulls that this cache is doing, whoever asked for them.</summary>
internal sealed class RunningPulls(TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<RunningPull, bool> _pulls = new();

    /// <summary>Begins one; it ends when it is disposed.</summary>
    /// <param name="reference">What is pulled.</param>
    /// <param name="listener">Who asked to be told of its progress; null for nobody.</param>
    public RunningPull Begin(string reference, IProgress<TransferProgress>? listener)
    {
        var pull = new RunningPull(
            reference,
            timeProvider.GetUtcNow(),
            listener,
            ended => _pulls.TryRemove(ended, out _)
        );
        _pulls[pull] = true;
        return pull;
    }

    /// <summary>All of them, the longest first.</summary>
    public IReadOnlyList<PullStatus> List() =>
        [.. _pulls.Keys.Select(pull => pull.Status).OrderBy(status => status.Started)];
}
