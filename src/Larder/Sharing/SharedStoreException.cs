namespace Larder.Sharing;

/// <summary>A shared store did not do what was asked.</summary>
public sealed class SharedStoreException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public SharedStoreException(
        SharedFailure failure,
        string location,
        string message,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        Failure = failure;
        Location = location;
    }

    /// <summary>Why.</summary>
    public SharedFailure Failure { get; }

    /// <summary>The store, without query string and user information.</summary>
    public string Location { get; }

    /// <summary>How long the store asks to be left alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
