namespace Larder.Onnx;

/// <summary>One thing that is wrong with the inputs of a run.</summary>
/// <param name="Path">Where, such as <c>inputs.rooms[1]</c>.</param>
/// <param name="Message">What, as a sentence for the caller.</param>
public sealed record InputFault(string Path, string Message);
