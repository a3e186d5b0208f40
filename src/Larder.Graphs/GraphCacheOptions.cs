using Larder.Graphs.Eviction;

namespace Larder.Graphs;

/// <summary>How much a cache of graphs keeps, and what it does when it is full, pressed or let down.</summary>
public sealed class GraphCacheOptions
{
    // What a timer of .NET can wait for.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>The names that <see cref="Policy"/> can have.</summary>
    public static IReadOnlyList<string> Policies { get; } = [.. EvictionPolicies.Names];

    /// <summary>The number of graphs in memory at once, those being loaded or disposed included; 1 or more, default 32.</summary>
    public int MaxGraphs { get; set; } = 32;

    /// <summary>The bytes of graphs in the machine's memory at once, likewise; more than 0, default null: no limit.</summary>
    public long? MaxBytes { get; set; }

    /// <summary>The limits of other devices by name, as <see cref="GraphDevice"/> has them; default none. For the host it adds a number of graphs.</summary>
    public IDictionary<string, DeviceBudget> Devices { get; init; } =
        new Dictionary<string, DeviceBudget>(StringComparer.Ordinal);

    /// <summary>
    /// The name of the policy that chooses which idle graphs make place: <c>cost</c>, the default (uses that count still × seconds to
    /// load ÷ bytes), <c>lru</c> or <c>lfu</c>.
    /// </summary>
    public string Policy { get; set; } = EvictionPolicies.Cost;

    /// <summary>How long a graph stays that nobody uses; infinite by default.</summary>
    public TimeSpan IdleTimeout { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a caller waits for room, default 30 seconds; <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.
    /// </summary>
    /// <remarks>
    /// More than zero: room also has to be waited for where an idle graph makes place, until it is disposed.
    /// Once a load has begun, it takes as long as it takes.
    /// </remarks>
    public TimeSpan WaitForRoom { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a caller waits for its turn at a loaded graph that is used exclusively, default 30 seconds; or infinite.</summary>
    public TimeSpan WaitForTurn { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a load may take before it is cancelled and fails, default 30 minutes; or infinite.</summary>
    public TimeSpan LoadDeadline { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How long the disposal of a graph may take, default 30 seconds; or infinite. After that it is reported, its bytes are shown as
    /// lost, and the next graph of its device is disposed.
    /// </summary>
    public TimeSpan DisposalDeadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a load that failed is not tried again where it would fail again, default 5 minutes; zero tries at once.</summary>
    public TimeSpan PermanentFailureFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The same where it may succeed soon, default 2 seconds; doubled with each failure that follows, up to
    /// <see cref="PermanentFailureFor"/>.
    /// </summary>
    public TimeSpan TransientFailureFor { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The same where memory was missing, default 30 seconds; a disposal ends it at once.</summary>
    public TimeSpan OutOfMemoryFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Says what kind of failure an exception of a load is; null, or an answer of null, leaves it to the cache: missing and damaged
    /// files, wrong arguments and what is not supported are permanent, everything else but a lack of memory is transient.
    /// </summary>
    public Func<Exception, GraphFailureKind?>? ClassifyFailure { get; set; }

    /// <summary>When memory is short and what is given back then; null to give back nothing.</summary>
    public MemoryPressureOptions? MemoryPressure { get; set; } = new();

    /// <summary>
    /// A file that keeps what was used, and what it took, from one run of the process to the next; null, the default, keeps nothing.
    /// </summary>
    /// <remarks>
    /// It is read when the cache is made, and written, with the directories that it needs, when that is disposed and every few minutes
    /// when it changed.
    /// </remarks>
    public string? HistoryFile { get; set; }

    /// <summary>Lists all faults of these options, each in a sentence; none when they can be used.</summary>
    public IReadOnlyList<string> FindFaults()
    {
        List<string> faults = [];
        if (MaxGraphs < 1)
            faults.Add($"MaxGraphs is {MaxGraphs}; it must be 1 or more.");
        if (MaxBytes < 1)
            faults.Add($"MaxBytes is {MaxBytes}; it must be more than 0, or null for no limit.");
        foreach (var (device, budget) in Devices)
            FindFaults(device, budget, faults);
        if (EvictionPolicies.Find(Policy) is null)
            faults.Add($"Policy is '{Policy}'; the known policies are: {string.Join(", ", EvictionPolicies.Names)}.");
        CheckWait(nameof(IdleTimeout), IdleTimeout, faults);
        CheckWait(nameof(WaitForRoom), WaitForRoom, faults);
        CheckWait(nameof(WaitForTurn), WaitForTurn, faults);
        CheckWait(nameof(LoadDeadline), LoadDeadline, faults);
        CheckWait(nameof(DisposalDeadline), DisposalDeadline, faults);
        CheckMemory(nameof(PermanentFailureFor), PermanentFailureFor, faults);
        CheckMemory(nameof(TransientFailureFor), TransientFailureFor, faults);
        CheckMemory(nameof(OutOfMemoryFor), OutOfMemoryFor, faults);
        MemoryPressure?.FindFaults(faults);
        if (HistoryFile is not null && string.IsNullOrEmpty(Path.GetFileName(HistoryFile)))
            faults.Add($"HistoryFile is '{HistoryFile}'; the path of a file is expected, or null for none.");
        return faults;
    }

    private void FindFaults(string device, DeviceBudget? budget, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(device))
            faults.Add("Devices has a device without a name.");
        if (budget is not { MaxBytes: not null } and not { MaxGraphs: not null })
            faults.Add($"Devices[\"{device}\"] has no limit; set MaxBytes or MaxGraphs, or leave the device out.");
        if (budget?.MaxBytes < 1)
            faults.Add(
                $"MaxBytes of Devices[\"{device}\"] is {budget.MaxBytes}; it must be more than 0, or null for no limit."
            );
        if (budget?.MaxGraphs < 1)
            faults.Add(
                $"MaxGraphs of Devices[\"{device}\"] is {budget.MaxGraphs}; it must be 1 or more, or null for no limit."
            );
        if (device is GraphDevice.Host && budget?.MaxBytes is not null && MaxBytes is not null)
            faults.Add($"MaxBytes and MaxBytes of Devices[\"{device}\"] are both set; they mean the same, so set one.");
    }

    private static void CheckWait(string name, TimeSpan wait, List<string> faults)
    {
        if (wait != Timeout.InfiniteTimeSpan && (wait <= TimeSpan.Zero || wait > LongestWait))
            faults.Add($"{name} is {wait}; it must be more than zero and at most {LongestWait}, or infinite.");
    }

    private static void CheckMemory(string name, TimeSpan time, List<string> faults)
    {
        if (time < TimeSpan.Zero)
            faults.Add($"{name} is {time}; it must be zero or more.");
    }
}
