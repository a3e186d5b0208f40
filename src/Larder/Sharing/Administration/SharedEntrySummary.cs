using Larder.Content;

namespace Larder.Sharing.Administration;

/// <summary>An entry of a shared store, as a list shows it.</summary>
/// <remarks>What its document says has not been checked against anything: <see cref="SharedStoreAdmin.VerifyAsync"/> does.</remarks>
public sealed record SharedEntrySummary
{
    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The SHA-256 of the public key under whose name it lies; null for an unsigned one.</summary>
    public Digest? Signer { get; init; }

    /// <summary>The kind of its key: <c>pass</c>, <c>model</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The digest of its key.</summary>
    public required Digest Key { get; init; }

    /// <summary>The manifest that it names; null where the document cannot be read.</summary>
    public Digest? Manifest { get; init; }

    /// <summary>Bytes of all its files.</summary>
    public long SizeBytes { get; init; }

    /// <summary>How many files.</summary>
    public int Files { get; init; }

    /// <summary>When the answer was made; null where the document cannot be read.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When the document was written, by the store's clock.</summary>
    public required DateTimeOffset Published { get; init; }

    /// <summary>What it was made from, for people; null where the document cannot be read.</summary>
    public string? Reference { get; init; }

    /// <summary>How long ago it was published, by the clocks of the store and of this machine.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>The name of its document.</summary>
    public required string Name { get; init; }
}
