using Larder.Origins;

namespace Larder.Pull;

/// <summary>A model was asked for without the network, and the store does not have it.</summary>
public sealed class NotCachedException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public NotCachedException(string reference, string message)
        : base(message) => Reference = reference;

    internal static NotCachedException Of(ModelReference reference, PullOptions options) =>
        new(
            reference.Text,
            $"'{reference}'{(options.Digest is { } digest ? $" in the version {digest}" : "")} is not in the store, or not whole, and the network may not be used. Pull it once without offline mode."
        );

    /// <summary>What was asked, without query string and user information.</summary>
    public string Reference { get; }
}
