using Larder.Transfer;

namespace Larder.Server.Dashboard.Work;

/// <summary>A job for as long as it is remembered.</summary>
internal sealed class Job(JobStatus status, string key) : IProgress<TransferProgress>
{
    private readonly Lock _lock = new();
    private JobStatus _status = status;

    /// <summary>Ends with the work, and never fails.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    public JobStatus Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>Whether it is under way, and is just this.</summary>
    public bool IsRunning(string verb, string target) =>
        Status is { State: JobState.Running } now && (now.Verb, key) == (verb, target);

    public void Report(TransferProgress value)
    {
        lock (_lock)
            _status = _status with { Progress = value };
    }

    public void End(JobState state, string message, DateTimeOffset now)
    {
        lock (_lock)
            _status = _status with { State = state, Message = message, Ended = now };
    }
}
