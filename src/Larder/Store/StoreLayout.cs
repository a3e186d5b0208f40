using Larder.Content;

namespace Larder.Store;

/// <summary>Where everything lies in a store of format 1.</summary>
internal sealed class StoreLayout(string root)
{
    /// <summary>
    /// The modification time of every blob. A constant, so that a write to a blob shows in its status even where the
    /// writer was root and the mode 0444 meant nothing. 1980 is the oldest year that archive formats can hold.
    /// </summary>
    public static readonly DateTimeOffset BlobTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The mode of every blob: 0444.</summary>
    public const UnixFileMode BlobMode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>In a store that was baked into an image the directory with the files; names elsewhere are links to them.</summary>
    public const string BakedName = "baked";

    public string Root { get; } = root;

    public string Blobs { get; } = Path.Combine(root, "blobs", "sha256");

    public string Manifests { get; } = Path.Combine(root, "manifests", "sha256");

    public string Entries { get; } = Path.Combine(root, "entries");

    public string Snapshots { get; } = Path.Combine(root, "snapshots");

    public string Leases { get; } = Path.Combine(root, "leases");

    public string Flights { get; } = Path.Combine(root, "leases", "flights");

    public string Staging { get; } = Path.Combine(root, "staging");

    public string Quarantine { get; } = Path.Combine(root, "quarantine");

    public string Usage { get; } = Path.Combine(root, "usage");

    /// <summary>What transfers that broke off have left.</summary>
    public string Partial { get; } = Path.Combine(root, "partial");

    /// <summary>What could not be made, and is not tried again for a while.</summary>
    public string Failures { get; } = Path.Combine(root, "failures");

    public string Pins { get; } = Path.Combine(root, "pins");

    /// <summary>Signs of life of who holds a lease, where locks do nothing.</summary>
    public string Beats { get; } = Path.Combine(root, "leases", "beats");

    /// <summary>What the logs of ended processes said, added up.</summary>
    public string Summary { get; } = Path.Combine(root, "summary.json");

    /// <summary>Held by the one process that adds logs up.</summary>
    public string FoldLock { get; } = Path.Combine(root, "usage", "fold");

    /// <summary>The counts of the store; held while room is counted or reserved.</summary>
    public string RoomLock { get; } = Path.Combine(root, "leases", "room");

    /// <summary>Held shared while names are linked, exclusively while unreachable ones are removed.</summary>
    public string CommitLock { get; } = Path.Combine(root, "leases", "commit");

    public IEnumerable<string> Directories =>
        [Blobs, Manifests, Entries, Snapshots, Flights, Staging, Quarantine, Usage, Pins, Beats, Partial, Failures];

    public string Blob(Digest digest) => Fanned(Blobs, digest, "");

    public string Manifest(Digest digest) => Fanned(Manifests, digest, ".json");

    public string Entry(EntryKey key) => Entry(key.Kind, key.Digest);

    public string Entry(string kind, Digest key) => Fanned(Path.Combine(Entries, kind), key, ".json");

    public string FailureNote(EntryKey key) => Fanned(Path.Combine(Failures, key.Kind), key.Digest, ".json");

    public string Pin(Digest key) => Path.Combine(Pins, $"{key}.json");

    public string Snapshot(Digest manifest) => Path.Combine(Snapshots, manifest.ToString());

    public string SnapshotLease(Digest manifest) => Path.Combine(Leases, manifest.ToString());

    /// <summary>One for each version that is asked for: why one cannot be had says nothing of another.</summary>
    public string Flight(EntryKey key, Digest? version) =>
        Path.Combine(Flights, version is { } wanted ? $"{key.Digest}-{wanted}" : key.Digest.ToString());

    /// <summary>The digest that a path under <see cref="Blobs"/>, <see cref="Manifests"/> or <see cref="Entries"/> stands for.</summary>
    public static bool TryParseFanned(string path, out Digest digest) =>
        Digest.TryParse(
            Path.GetFileName(Path.GetDirectoryName(path)) + Path.GetFileNameWithoutExtension(path),
            out digest
        );

    private static string Fanned(string directory, Digest digest, string suffix)
    {
        var hex = digest.ToString();
        return Path.Join(directory, hex.AsSpan(0, 2), string.Concat(hex.AsSpan(2), suffix));
    }
}
