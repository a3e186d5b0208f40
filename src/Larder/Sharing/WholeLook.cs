using Larder.Content;

namespace Larder.Sharing;

/// <summary>What a look at the files of an entry has found.</summary>
/// <param name="Fault">What is wrong, to be read after the entry's name; null when all is there.</param>
internal sealed record WholeLook(string? Fault)
{
    /// <summary>The manifest; null where that is missing or wrong.</summary>
    public Manifest? Manifest { get; init; }

    /// <summary>The blobs as they were seen; none where something is wrong.</summary>
    public IReadOnlyDictionary<Digest, SharedObject> Blobs { get; init; } = new Dictionary<Digest, SharedObject>();
}
