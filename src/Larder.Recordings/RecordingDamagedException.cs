namespace Larder.Recordings;

/// <summary>A recording is there and cannot be believed: cut, edited, of a newer format, or of another type.</summary>
public sealed class RecordingDamagedException : RecordingException
{
    internal RecordingDamagedException(string message, string file, Exception? innerException = null)
        : base(message, innerException) => File = file;

    /// <summary>The file's path.</summary>
    public string File { get; }
}
