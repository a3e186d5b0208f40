namespace Larder.Passes;

/// <summary>A pass that is ready to run.</summary>
/// <param name="Facts">What its result depends on.</param>
/// <param name="RunAsync">Reads the model of <see cref="PassRun.InputPath"/> and writes all of its own to <see cref="PassRun.OutputPath"/>.</param>
public sealed record PassPlan(StepFacts Facts, Func<PassRun, CancellationToken, Task> RunAsync);
