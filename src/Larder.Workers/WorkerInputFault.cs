namespace Larder.Workers;

/// <summary>One thing that a worker says is wrong with the inputs of a request.</summary>
/// <param name="Path">Where, such as <c>inputs.rooms</c>.</param>
/// <param name="Message">What, as a sentence for the caller.</param>
public sealed record WorkerInputFault(string Path, string Message);
