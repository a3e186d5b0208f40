namespace Larder.Onnx;

/// <summary>It is not clear which file of a snapshot is the model.</summary>
public sealed class OnnxFileException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public OnnxFileException(string message, IReadOnlyList<string> candidates)
        : base(message) => Candidates = candidates;

    /// <summary>The <c>.onnx</c> files that are there.</summary>
    public IReadOnlyList<string> Candidates { get; }
}
