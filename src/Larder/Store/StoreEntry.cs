using Larder.Content;

namespace Larder.Store;

/// <summary>An entry as it stands in the store: a request and the manifest that answers it.</summary>
internal sealed record StoreEntry
{
    /// <summary>The whole request, canonical JSON; compared on every hit.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>The manifest that answers the request.</summary>
    public required Digest Manifest { get; init; }

    /// <summary>The manifests that it named before, the latest first; their files may be gone.</summary>
    public IReadOnlyList<Digest> Previous { get; init; } = [];

    /// <summary>When the entry was first made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When the origin last said that this is its present version.</summary>
    public required DateTimeOffset Checked { get; init; }

    /// <summary>How long it took to get.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Bytes of all files.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>How many files.</summary>
    public required int Files { get; init; }

    /// <summary>Where it came from.</summary>
    public required EntrySource Source { get; init; }
}
