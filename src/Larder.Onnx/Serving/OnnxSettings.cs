namespace Larder.Onnx.Serving;

/// <summary>What a model is loaded with besides its files.</summary>
/// <param name="File">The file that is loaded; null: the only one, else <c>model.onnx</c>.</param>
/// <param name="IntraOpThreads">Threads that work on one operator, the calling one included.</param>
internal readonly record struct OnnxSettings(string? File, int IntraOpThreads);
