namespace Larder;

/// <summary>The base of every failure that Larder itself reports.</summary>
/// <remarks>A message says what happened, to what, the limit and the actual value, and what to do next; never a secret.</remarks>
public abstract class LarderException : Exception
{
    /// <summary>Creates a failure with a complete message.</summary>
    protected LarderException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
