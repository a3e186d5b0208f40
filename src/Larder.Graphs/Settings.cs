using Larder.Graphs.Eviction;
using Larder.Graphs.Failures;

namespace Larder.Graphs;

/// <summary>The options as they were when they were given.</summary>
internal sealed class Settings(GraphCacheOptions options)
{
    private readonly Func<Exception, GraphFailureKind?>? _classify = options.ClassifyFailure;

    public int MaxGraphs { get; } = options.MaxGraphs;

    /// <summary>The limits of devices, the host's among them; a copy, since the dictionary is the caller's.</summary>
    public IReadOnlyList<KeyValuePair<string, DeviceBudget>> Devices { get; } =
    [
        .. options.Devices.Where(pair => pair.Key is not GraphDevice.Host),
        new(
            GraphDevice.Host,
            new DeviceBudget
            {
                MaxBytes = options.MaxBytes ?? HostOf(options)?.MaxBytes,
                MaxGraphs = HostOf(options)?.MaxGraphs,
            }
        ),
    ];

    public IEvictionPolicy Policy { get; } = EvictionPolicies.Find(options.Policy)!;

    public TimeSpan IdleTimeout { get; } = options.IdleTimeout;

    public TimeSpan WaitForRoom { get; } = options.WaitForRoom;

    public TimeSpan WaitForTurn { get; } = options.WaitForTurn;

    public TimeSpan LoadDeadline { get; } = options.LoadDeadline;

    public TimeSpan DisposalDeadline { get; } = options.DisposalDeadline;

    public MemoryPressureOptions? MemoryPressure { get; } = options.MemoryPressure;

    private TimeSpan PermanentFailureFor { get; } = options.PermanentFailureFor;

    private TimeSpan TransientFailureFor { get; } = options.TransientFailureFor;

    private TimeSpan OutOfMemoryFor { get; } = options.OutOfMemoryFor;

    public GraphFailureKind Classify(Exception failure) => _classify?.Invoke(failure) ?? FailureKinds.Of(failure);

    /// <summary>How long a failure is remembered that is the n-th in a row.</summary>
    public TimeSpan RememberFor(GraphFailureKind kind, int inARow) =>
        kind switch
        {
            GraphFailureKind.Permanent => PermanentFailureFor,
            GraphFailureKind.OutOfMemory => OutOfMemoryFor,
            _ => Doubled(inARow - 1),
        };

    private static DeviceBudget? HostOf(GraphCacheOptions options) =>
        options.Devices.TryGetValue(GraphDevice.Host, out var budget) ? budget : null;

    private TimeSpan Doubled(int times)
    {
        var most = Math.Max(PermanentFailureFor.Ticks, TransientFailureFor.Ticks);
        return TimeSpan.FromTicks((long)Math.Min(most, TransientFailureFor.Ticks * Math.Pow(2, times)));
    }
}
