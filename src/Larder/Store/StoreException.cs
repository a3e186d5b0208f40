namespace Larder.Store;

/// <summary>The store on disk cannot be used: not a store, of a newer format, or a file operation in it failed.</summary>
public sealed class StoreException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public StoreException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The store, or the file in it, that the message is about.</summary>
    public string Path { get; }
}
