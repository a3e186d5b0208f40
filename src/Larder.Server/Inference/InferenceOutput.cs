namespace Larder.Server.Inference;

/// <summary>An output that a request asks for.</summary>
/// <param name="Name">The name of the model's output.</param>
/// <param name="IsBinary">Whether its elements are to stand as bytes behind the document of the answer.</param>
internal sealed record InferenceOutput(string Name, bool IsBinary);
