namespace Larder.Passes.Running;

/// <summary>A hold on the models of a job, either for its flight or, if that never begins, for nobody.</summary>
/// <remarks>
/// The flight begins on another thread, when the caller that wanted it may have left already: whoever takes the claim first
/// gives the models back.
/// </remarks>
internal sealed class JobClaim : IDisposable
{
    private int _isTaken;

    public JobClaim(StepJob job) => Job = job with { Model = job.Model.Retain(), Input = job.Input?.Retain() };

    public StepJob Job { get; }

    public bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;

    public void Dispose()
    {
        Job.Model.Dispose();
        Job.Input?.Dispose();
    }
}
