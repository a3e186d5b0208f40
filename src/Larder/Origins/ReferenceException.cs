namespace Larder.Origins;

/// <summary>A text is not a model reference, or names a kind of origin that is not there.</summary>
public sealed class ReferenceException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public ReferenceException(string reference, string message)
        : base(message) => Reference = reference;

    /// <summary>The text, without query string and user information.</summary>
    public string Reference { get; }
}
