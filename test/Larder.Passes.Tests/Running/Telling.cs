using Larder.Passes.Running;

namespace Larder.Passes.Tests.Running;

/// <summary>Does something at once with all that a run tells, one after the other.</summary>
internal sealed class Telling(Action<WorkflowProgress> tell) : IProgress<WorkflowProgress>
{
    private readonly Lock _lock = new();

    public void Report(WorkflowProgress value)
    {
        lock (_lock)
            tell(value);
    }
}
