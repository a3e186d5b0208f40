namespace Larder.Recordings;

/// <summary>A recording that cannot be read or written, or a call that cannot be recorded.</summary>
public class RecordingException : LarderException
{
    /// <summary>Creates a failure with a complete message.</summary>
    public RecordingException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
