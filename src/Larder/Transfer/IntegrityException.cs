namespace Larder.Transfer;

/// <summary>Bytes are not those that were promised; nothing of them was kept.</summary>
public sealed class IntegrityException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public IntegrityException(string path, string expected, string actual, string message)
        : base(message)
    {
        Path = path;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The file, or the reference, that is wrong.</summary>
    public string Path { get; }

    /// <summary>The digest or length that was promised.</summary>
    public string Expected { get; }

    /// <summary>The digest or length that came.</summary>
    public string Actual { get; }
}
