using System.Text;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;

namespace Larder;

/// <summary>A model in the store, as it was when it was looked at.</summary>
public sealed class CachedModel
{
    // Not the whole entry: its map of versions would be most of what a list of many models takes.
    private readonly ReadOnlyMemory<byte> _request;
    private PullOptions? _options;
    private readonly LocalStore _store;
    private readonly IReadOnlyList<Digest> _previous;

    internal CachedModel(LocalStore store, ListedEntry listed, PinSet? pins)
    {
        var entry = listed.Entry;
        _store = store;
        _request = entry.Request;
        Kind = listed.Kind;
        Reference = entry.Source.Reference;
        Trust = entry.Source.Trust;
        Revision = entry.Source.Revision;
        HasOnlySizeAndTime = entry.Source.HasOnlySizeAndTime;
        _previous = entry.Previous;
        Archive = entry.Source.Archive?.Path;
        DerivedFrom = entry.Source.DerivedFrom;
        Digest = entry.Manifest;
        SizeBytes = entry.SizeBytes;
        Files = entry.Files;
        Created = entry.Created;
        Checked = entry.Checked;
        Duration = entry.Duration;
        LastUsed = new DateTimeOffset(File.GetLastWriteTimeUtc(listed.Path));
        Leased = store.IsLeased(Digest);
        Key = Digest.Of(_request.Span);
        Pinned = pins?.HasKey(Key) == true;
        InLowerStore = store.IsReadOnly;
    }

    /// <summary>What kind of request it answers: <c>model</c> is a pull, and others are what was made from a model.</summary>
    public string Kind { get; }

    /// <summary>The version that it was made from; null where it was pulled.</summary>
    public Digest? DerivedFrom { get; }

    /// <summary>The reference that was pulled, or that of the model that it was made from.</summary>
    public string Reference { get; }

    /// <summary>The version: the digest of its manifest.</summary>
    public Digest Digest { get; }

    /// <summary>The patterns that its files were chosen by; none for all files.</summary>
    public IReadOnlyList<string> Include => Options.Include;

    /// <summary>The patterns of files that were left out; none.</summary>
    public IReadOnlyList<string> Exclude => Options.Exclude;

    /// <summary>What was done with an archive; <see cref="UnpackMode.Auto"/> for everything that is none.</summary>
    public UnpackMode Unpack => Options.Unpack;

    /// <summary>The name of the archive that its files were unpacked from; null where they are the origin's own.</summary>
    public string? Archive { get; }

    /// <summary>Bytes of all its files.</summary>
    public long SizeBytes { get; }

    /// <summary>How many files.</summary>
    public int Files { get; }

    /// <summary>When this version came.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>When the origin last said that this is its present version.</summary>
    public DateTimeOffset Checked { get; }

    /// <summary>When it was last used, to the minute.</summary>
    public DateTimeOffset LastUsed { get; }

    /// <summary>Whether somebody holds a lease on it.</summary>
    public bool Leased { get; }

    /// <summary>Whether it is pinned.</summary>
    public bool Pinned { get; }

    /// <summary>Whether it lies in the lower store, where nothing is ever removed.</summary>
    public bool InLowerStore { get; }

    /// <summary>How long it took to get.</summary>
    public TimeSpan Duration { get; }

    /// <summary><c>origin</c> when the origin named every digest, <c>first_use</c> when the digests are those of what came first,
    /// <c>derived</c> when they were made from a model,
    /// <c>adopted</c> when files were taken from a directory where they lay (<see cref="PullOptions.Adopt"/>).</summary>
    public string Trust { get; }

    /// <summary>The origin's own name of this version, such as a commit; null where it has none.</summary>
    public string? Revision { get; }

    /// <summary>Whether its origin tells one version from another by size and time alone, having nothing better.</summary>
    public bool HasOnlySizeAndTime { get; }

    /// <summary>The key: SHA-256 of the request.</summary>
    public Digest Key { get; }

    /// <summary>The request, canonical JSON.</summary>
    public string Request => Encoding.UTF8.GetString(_request.Span);

    // Read when it is asked for: a list of many models is about their names and sizes.
    private PullOptions Options => _options ??= PullRequest.TryRead(_request)?.Options ?? new PullOptions();

    /// <summary>Whether it answers a reference, whichever of its files.</summary>
    internal bool IsOf(ModelReference reference) => PullRequest.TryRead(_request)?.IsOf(reference) == true;

    /// <summary>Where its files lie.</summary>
    public string SnapshotPath => _store.SnapshotPath(Digest);

    /// <summary>The earlier versions of it that are still whole, the latest first: what a pull can go back to without its origin.</summary>
    /// <remarks>Looks at each of their files. They go when their room is needed, before any model does.</remarks>
    public IReadOnlyList<ModelVersion> ListEarlierVersions() =>
        [.. _previous.Where(digest => digest != Digest).Select(_store.TryLookAtVersion).OfType<ModelVersion>()];

    /// <summary>Reads the list of its files; null when that is damaged or was removed meanwhile.</summary>
    public Manifest? ReadManifest() => _store.TryReadManifest(Digest);
}
