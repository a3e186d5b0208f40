using Larder.Passes.Failures;
using Larder.Sharing;

namespace Larder.Passes.Running;

/// <summary>What all runs of a runner use.</summary>
/// <param name="Cache">The local store.</param>
/// <param name="Readable">The shared store where it is read; else null.</param>
/// <param name="Writable">The shared store where it is written to; else null.</param>
/// <param name="Steps">Runs passes and evaluations.</param>
/// <param name="Failures">What failed lately.</param>
/// <param name="Time">The clock.</param>
internal sealed record RunServices(
    ModelCache Cache,
    SharedCache? Readable,
    SharedCache? Writable,
    StepRunner Steps,
    FailureMemory Failures,
    TimeProvider Time
);
