namespace Larder.Passes.Running;

/// <summary>Does the work of a step: reads models, and writes all of its result to a directory.</summary>
/// <param name="model">The model that is read or measured.</param>
/// <param name="input">The workflow's input; null unless the step needs it.</param>
/// <param name="outputPath">An empty directory for the result.</param>
/// <param name="workPath">An empty directory of its own.</param>
/// <param name="log">Told lines that are to be seen.</param>
/// <param name="cancellationToken">Ends it.</param>
internal delegate Task StepWork(
    HeldFiles model,
    HeldFiles? input,
    string outputPath,
    string workPath,
    Action<string> log,
    CancellationToken cancellationToken
);
