using System.Collections.Concurrent;
using Larder.Content;
using Larder.Recordings.Answers;
using Larder.Recordings.Files;
using Larder.Recordings.Proxies;
using Larder.Recordings.Requests;
using Microsoft.Extensions.Logging;

namespace Larder.Recordings.Calls;

/// <summary>What the calls of one <see cref="Recordings"/> share.</summary>
internal sealed class CallDesk(
    RecordingsOptions options,
    RecordingMode mode,
    string root,
    RecordingDirectory directory,
    UsageLog usage,
    ILogger logger,
    TimeProvider timeProvider
)
{
    private readonly ConcurrentDictionary<(Type Answer, string Method), bool> _recordable = new();

    // The keys that this run has written: another answer to the same request is a conflict.
    private readonly ConcurrentDictionary<Digest, bool> _written = new();

    // A transient service is wrapped each time it is asked for.
    private readonly ConcurrentDictionary<(Type Contract, Type? Service), ServicePlan> _plans = new();
    private readonly Lock _driftLock = new();
    private readonly List<RecordingDrift> _drifts = [];
    private int _isWritable;

    public RecordingsOptions Options { get; } = options;

    public RecordingMode Mode { get; } = mode;

    public RecordingDirectory Directory { get; } = directory;

    public RequestForms Requests { get; } = new(options, root);

    public AnswerForms Answers { get; } = new(options, root, new Redactor(options.Redaction));

    public OutcomeComparison Comparison { get; } = new(options.Tolerance);

    public KeyGates Gates { get; } = new();

    public CallCounts Counts { get; } = new();

    public UsageLog Usage { get; } = usage;

    public ILogger Logger { get; } = logger;

    public TimeProvider TimeProvider { get; } = timeProvider;

    public IReadOnlyList<RecordingDrift> Drifts
    {
        get
        {
            lock (_driftLock)
                return [.. _drifts];
        }
    }

    /// <summary>Begins a call: nothing is made that could not be recorded.</summary>
    /// <param name="call">The call.</param>
    /// <param name="live">What would make it; exceptions of its assembly can come back.</param>
    public CallTurn<T> Begin<T>(RecordedCall call, Delegate live)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(live);
        var method = $"{call.Deployment.Name}.{call.Method}";
        if (typeof(T) != typeof(Nothing) && _recordable.TryAdd((typeof(T), method), true))
            Require(typeof(T), method);
        return new CallTurn<T>(this, call, Requests.Of(call), method, call.Known ?? [live.Method.Module.Assembly]);
    }

    /// <summary>What becomes of the methods of a service.</summary>
    /// <param name="contract">The interface.</param>
    /// <param name="service">The class behind it; null when nobody knows.</param>
    public ServicePlan PlanOf(Type contract, Type? service) =>
        _plans.GetOrAdd((contract, service), key => ServicePlan.Of(key.Contract, key.Service, Answers));

    /// <summary>Makes sure, before the first call of a run that records, that there is a place for its recording.</summary>
    public void RequireWritable()
    {
        if (Mode is not (RecordingMode.Record or RecordingMode.RecordMissing) || Volatile.Read(ref _isWritable) != 0)
            return;
        Directory.RequireWritable();
        Volatile.Write(ref _isWritable, 1);
    }

    /// <summary>Whether this run has written the recording of that key before.</summary>
    public bool WritesAgain(Digest key) => !_written.TryAdd(key, true);

    /// <summary>Notes what has drifted.</summary>
    /// <exception cref="RecordingDriftException">Unless the options say that it is only noted.</exception>
    public void Add(RecordingDrift drift)
    {
        Counts.Drifted();
        lock (_driftLock)
            _drifts.Add(drift);
        Logger.Drifted(drift.Method, drift.File, string.Join("; ", drift.Differences));
        if (Options.FailsOnDrift)
            throw new RecordingDriftException(drift);
    }

    private void Require(Type answer, string method)
    {
        try
        {
            Answers.Require(answer, method);
        }
        catch
        {
            // Refused every time, not only the first.
            _recordable.TryRemove((answer, method), out _);
            throw;
        }
    }
}
