namespace Larder.Pull;

/// <summary>A model was asked for without the network, and the store does not have it.</summary>
public sealed class NotCachedException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public NotCachedException(string reference, string message)
        : base(message) => Reference = reference;

    /// <summary>What was asked, without query string and user information.</summary>
    public string Reference { get; }
}
