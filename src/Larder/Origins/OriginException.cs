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

    /// <summary>What was asked, without query string and user information.</summary>
    public string Reference { get; }
}
