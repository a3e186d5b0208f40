namespace Larder.Baking;

/// <summary>An image archive cannot be read, or not be written.</summary>
public sealed class ImageException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public ImageException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The archive.</summary>
    public string Path { get; }

    /// <summary>An archive that cannot be read.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="fault">What is wrong, to be read after its name.</param>
    /// <param name="inner">What said so.</param>
    internal static ImageException Unreadable(string path, string fault, Exception? inner = null) =>
        new(path, $"The image archive '{path}' {fault.TrimEnd('.')}.", inner);
}
