using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>An entry that needs what was found damaged.</summary>
/// <param name="Reference">Where its files came from, without query string and user information.</param>
/// <param name="Key">Its key.</param>
/// <param name="Manifest">The version that it names; null when its document is damaged.</param>
internal sealed record Concern(string Reference, Digest Key, Digest? Manifest)
{
    /// <summary>Its request; empty when its document is damaged.</summary>
    public ReadOnlyMemory<byte> Request { get; init; }
}
