namespace Larder.HuggingFace.Export;

/// <summary>A model could not be put where the Hub's clients look for it.</summary>
public sealed class ExportException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public ExportException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>Where it was to be put.</summary>
    public string Path { get; }
}
