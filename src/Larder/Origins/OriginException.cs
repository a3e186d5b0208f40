namespace Larder.Origins;

/// <summary>An origin did not give what was asked.</summary>
public sealed class OriginException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public OriginException(OriginFailure failure, string reference, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        Reference = reference;
    }

    /// <summary>Why.</summary>
    public OriginFailure Failure { get; }

    /// <summary>How long the origin asks to be left alone; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What was asked, without query string and user information.</summary>
    public string Reference { get; }
}
