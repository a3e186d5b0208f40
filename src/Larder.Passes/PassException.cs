namespace Larder.Passes;

/// <summary>A pass or an evaluation did not do its work.</summary>
public sealed class PassException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public PassException(PassFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>Why.</summary>
    public PassFailure Failure { get; }

    /// <summary>The last lines that a program wrote before it failed; empty where there is none.</summary>
    public string Output { get; init; } = "";
}
