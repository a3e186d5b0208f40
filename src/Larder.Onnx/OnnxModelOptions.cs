namespace Larder.Onnx;

/// <summary>How a model is loaded.</summary>
public sealed class OnnxModelOptions
{
    /// <summary>
    /// Threads that work on one operator, the calling one included; 1 by default. Raise it for large models with few
    /// callers; many callers at once are quicker with 1.
    /// </summary>
    public int IntraOpThreads { get; set; } = 1;

    /// <summary>
    /// The native library to load; null, the default, looks in the environment variable <c>LARDER_ONNXRUNTIME</c>,
    /// beside the program, among the native files of referenced packages and on the library path. The first model of a
    /// process decides: there is one runtime in a process.
    /// </summary>
    public string? RuntimePath { get; set; }
}
