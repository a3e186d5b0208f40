namespace Larder.Onnx;

/// <summary>A model could not be loaded or run.</summary>
/// <remarks>
/// The message holds the runtime's own text, with paths of this machine: log it, and do not send it to remote callers.
/// </remarks>
public sealed class OnnxException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public OnnxException(OnnxErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>The kind of failure.</summary>
    public OnnxErrorCode Code { get; }
}
