namespace Larder.Pull.Targets;

/// <summary>The files of a model could not be laid out in a directory.</summary>
public sealed class LayOutException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public LayOutException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The directory.</summary>
    public string Path { get; }
}
