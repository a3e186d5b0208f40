using Larder.Content;
using Larder.Store.Eviction;
using Larder.Store.Index;
using Larder.Store.Partial;
using Larder.Store.Room;
using Larder.Store.Scrub;
using Larder.Store.Usage;
using Microsoft.Extensions.Logging;

namespace Larder.Store;

/// <summary>The blobs, manifests, entries and snapshots on one machine's disk.</summary>
/// <remarks>
/// The directory is the database: nothing here is remembered in memory, every change of state is one rename or link, and any
/// number of processes may work in one store at once. See the README of this folder for what each step promises.
/// </remarks>
internal sealed partial class LocalStore : IDisposable
{
    private static readonly long BlobTimeNanoseconds = StoreLayout.BlobTime.ToUnixTimeSeconds() * 1_000_000_000;

    private static readonly Dictionary<Digest, string> NothingStaged = [];

    private readonly StoreLayout _layout;
    private readonly StoreLimits _limits;
    private readonly IEvictionPolicy _policy;
    private readonly Materializer _materializer;
    private readonly Quarantine _quarantine;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly WholeChecks _checks;
    private StoreIndex? _index;

    private LocalStore(
        StoreLayout layout,
        MaterializeMode mode,
        StoreLimits limits,
        IEvictionPolicy policy,
        bool isReadOnly,
        TimeProvider timeProvider,
        ILogger logger
    )
    {
        _layout = layout;
        _limits = limits;
        _policy = policy;
        IsReadOnly = isReadOnly;
        _materializer = new Materializer(mode);
        _checks = new WholeChecks(layout);
        _quarantine = new Quarantine(layout, logger);
        _timeProvider = timeProvider;
        _logger = logger;
        Usage = new UsageLog(layout, logger);
        Leases = new SnapshotLeases(layout, isReadOnly, timeProvider);
        Partials = new PartialStore(layout, timeProvider);
        Room = new StoreRoom(layout, limits, timeProvider) { Recount = Count, Partials = Partials };
    }

    public string Root => _layout.Root;

    /// <summary>Whether it was opened never to be written to.</summary>
    public bool IsReadOnly { get; }

    public UsageLog Usage { get; }

    internal StoreLayout Layout => _layout;

    internal Quarantine Quarantine => _quarantine;

    internal Materializer Materializer => _materializer;

    private SnapshotLeases Leases { get; }

    private StoreRoom Room { get; }

    private PartialStore Partials { get; }

    /// <summary>Called after each step of a commit or a removal; tests end the process there.</summary>
    internal Action<CommitStep> StepReached { get; set; } = static _ => { };

    /// <summary>How a verification reads; tests put a faulty disk in its place.</summary>
    internal ReadBytes ReadBytes { get; set; } =
        static (_, file, buffer, offset) => RandomAccess.Read(file, buffer, offset);

    /// <summary>Opens a store, making one of a missing or empty directory.</summary>
    public static LocalStore Open(
        string root,
        MaterializeMode mode,
        TimeProvider timeProvider,
        ILogger logger,
        StoreLimits? limits = null,
        IEvictionPolicy? policy = null
    )
    {
        var layout = new StoreLayout(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        StoreMarker.OpenOrCreate(layout.Root);
        MakeDirectories(layout);
        logger.Opened(layout.Root);
        return new LocalStore(
            layout,
            mode,
            limits ?? StoreLimits.None,
            policy ?? new CostPolicy(),
            isReadOnly: false,
            timeProvider,
            logger
        );
    }

    /// <summary>Opens a store to which nothing is written, whether that would be possible or not.</summary>
    /// <exception cref="StoreException">There is no store, or one of a newer format.</exception>
    public static LocalStore OpenReadOnly(string root, TimeProvider timeProvider, ILogger logger)
    {
        var layout = new StoreLayout(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));
        StoreMarker.Open(layout.Root);
        logger.OpenedReadOnly(layout.Root);
        return new LocalStore(
            layout,
            MaterializeMode.Auto,
            StoreLimits.None,
            new CostPolicy(),
            isReadOnly: true,
            timeProvider,
            logger
        );
    }

    private static void MakeDirectories(StoreLayout layout)
    {
        try
        {
            foreach (var directory in layout.Directories)
                Directory.CreateDirectory(directory);
        }
        catch (IOException refused) when (refused.HResult is Posix.EROFS or Posix.EACCES)
        {
            // On a file system that takes no writes hits are served all the same; whoever writes is told.
        }
    }

    public void Dispose()
    {
        Usage.Dispose();
        Leases.Dispose();
        _removals.Dispose();
        _preparation.Dispose();
    }

    /// <summary>The file whose lock makes a pull of that key happen once among all processes.</summary>
    /// <param name="key">What is pulled.</param>
    /// <param name="version">The version asked for; null for the present one.</param>
    public string FlightPath(EntryKey key, Digest? version) => _layout.Flight(key, version);

    /// <summary>Where the snapshot of a manifest lies, if it is there.</summary>
    public string SnapshotPath(Digest manifest) => _layout.Snapshot(manifest);

    /// <summary>Bytes that this user may still write to the store's file system.</summary>
    public long AvailableBytes => new DriveInfo(Root).AvailableFreeSpace;

    /// <summary>The entry of a key; null when there is none, or when it cannot be believed.</summary>
    public StoreEntry? TryReadEntry(EntryKey key)
    {
        var path = _layout.Entry(key);
        var entry = TryReadTwice(path, bytes => EntryReader.TryRead(bytes, key.Request), out var isThere);
        if (entry is not null && key.Answers(entry.Request.Span))
            return entry;
        if (isThere)
            _logger.EntryIgnored(
                path,
                entry is null ? "it is not an entry document" : "its request is another than the one asked"
            );
        return null;
    }

    /// <summary>The entry of a key together with its file; null as for <see cref="TryReadEntry"/>.</summary>
    public ListedEntry? TryFindEntry(EntryKey key) =>
        TryReadEntry(key) is { } entry ? new ListedEntry(_layout.Entry(key), key.Kind, entry) : null;

    /// <summary>The manifest of that digest; null when it is missing or its bytes have another digest.</summary>
    public Manifest? TryReadManifest(Digest digest) =>
        TryReadTwice(_layout.Manifest(digest), bytes => TryParseManifest(digest, bytes), out _);

    /// <summary>Whether a blob is there and, by its size and time, untouched.</summary>
    public bool HasBlob(Digest digest, long sizeBytes) => IsUntouched(_layout.Blob(digest), sizeBytes);

    /// <summary>The blob of that digest to be read, by its size and time untouched; null when it is not there.</summary>
    /// <remarks>In a store that was baked into an image its name is a link to the file of a model.</remarks>
    public string? TryFindBlob(Digest digest, long sizeBytes)
    {
        var path = _layout.Blob(digest);
        return Posix.TryStatus(path, followLinks: IsReadOnly, out var status) && IsUntouched(status, sizeBytes)
            ? path
            : null;
    }

    /// <summary>An entry document found while listing; null when it is gone or is none.</summary>
    public StoreEntry? TryReadListed(string path)
    {
        var entry = TryReadTwice(path, bytes => EntryReader.TryRead(bytes), out var isThere);
        if (entry is null && isThere)
            _logger.EntryIgnored(path, "it is not an entry document");
        return entry;
    }

    /// <summary>Every entry of the store that can be read, in no order.</summary>
    public IEnumerable<ListedEntry> ListEntries() => ListEntries(_ => true);

    /// <summary>Those of some kinds: their directories alone are read.</summary>
    public IEnumerable<ListedEntry> ListEntries(Func<string, bool> isWanted)
    {
        foreach (var kind in Directory.EnumerateDirectories(_layout.Entries))
        {
            if (!isWanted(Path.GetFileName(kind)))
                continue;
            foreach (var path in Directory.EnumerateFiles(kind, "*.json", AllFiles))
            {
                if (TryReadListed(path) is { } entry)
                    yield return new ListedEntry(path, Path.GetFileName(kind), entry);
            }
        }
    }

    /// <summary>Whether somebody holds a lease on a snapshot at this moment.</summary>
    public bool IsLeased(Digest manifest) => Leases.IsHeld(manifest);

    /// <summary>Leases a snapshot that is whole, at once; null when it is not, or somebody is removing it.</summary>
    public StoredSnapshot? TryOpenWholeSnapshot(Digest digest)
    {
        if (TryReadKept(digest) is not { } check || Leases.TryAcquire(digest) is not { } lease)
            return null;
        try
        {
            var path = _layout.Snapshot(digest);
            if (IsWhole(path, check))
                return new StoredSnapshot(path, check.Manifest, lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
        lease.Dispose();
        return null;
    }

    /// <summary>Leases a snapshot; null when it is not there or, by its files' sizes and times, not whole.</summary>
    /// <remarks>A snapshot is derived: a missing or touched one is built again when all its blobs are there.</remarks>
    public async Task<StoredSnapshot?> TryOpenSnapshotAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (TryReadManifest(digest) is not { } manifest)
            return null;

        // First the lease, then the look: whoever removes a snapshot looks for leases after he took it away.
        if (await Leases.AcquireAsync(digest, cancellationToken).ConfigureAwait(false) is not { } lease)
            return null;
        try
        {
            var path = _layout.Snapshot(digest);
            if (
                IsWhole(path, manifest)
                || await TryRebuildSnapshotAsync(path, manifest, cancellationToken).ConfigureAwait(false)
            )
                return new StoredSnapshot(path, manifest, lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
        lease.Dispose();
        return null;
    }

    /// <summary>Notes the use of an entry in its modification time, to the minute.</summary>
    public void Touch(EntryKey key)
    {
        var path = _layout.Entry(key);
        var now = _timeProvider.GetUtcNow();
        try
        {
            // Not there: the entry is one of the lower store.
            if (
                Posix.TryStatus(path, followLinks: false, out var status)
                && now - DateTimeOffset.FromUnixTimeMilliseconds(status.ModifiedNanoseconds / 1_000_000)
                    >= TimeSpan.FromMinutes(1)
            )
                File.SetLastWriteTimeUtc(path, now.UtcDateTime);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The entry is being removed, or is not ours to touch: a time of use is not worth a failure.
        }
    }

    private bool IsWhole(string snapshot, Manifest manifest) => IsWhole(snapshot, new WholeCheck(manifest));

    private bool IsWhole(string snapshot, WholeCheck check)
    {
        var isWhole = check.IsWhole(snapshot);
        if (isWhole == false)
            _logger.SnapshotDamaged(snapshot);
        return isWhole == true;
    }

    /// <summary>The manifest of that digest, which need not be read again if it was before; null as when it is read.</summary>
    private WholeCheck? TryReadKept(Digest digest) =>
        _checks.TryGet(digest) ?? (TryReadManifest(digest) is { } manifest ? _checks.Add(manifest) : null);

    /// <summary>Whether a file has the size and the time of a blob.</summary>
    internal static bool IsUntouched(in FileStatus status, long sizeBytes) =>
        status.IsFile && status.SizeBytes == sizeBytes && IsSealed(status);

    private static bool IsUntouched(string path, long sizeBytes) =>
        Posix.TryStatus(path, followLinks: false, out var status) && IsUntouched(status, sizeBytes);

    /// <summary>Whether a file has the time that blobs have.</summary>
    internal static bool IsSealed(in FileStatus status) => status.ModifiedNanoseconds == BlobTimeNanoseconds;

    private async Task<bool> TryRebuildSnapshotAsync(
        string path,
        Manifest manifest,
        CancellationToken cancellationToken
    )
    {
        if (!HasBlobs(manifest))
            return false;
        using var staging = await NewStagingAreaAsync(cancellationToken).ConfigureAwait(false);
        if (_materializer.AlwaysCopies)
            await ReserveAsync(staging, manifest.SizeBytes, cancellationToken).ConfigureAwait(false);
        using var commitLock = await LockToLinkAsync(cancellationToken).ConfigureAwait(false);
        // Again, now that nobody can take them away: what was being removed a moment ago is not brought back by halves.
        if (TryReadManifest(manifest.Digest) is null || !HasBlobs(manifest))
            return false;
        staging.Mark = staging.Mark with { ChangesNames = true };
        await CountAsync(staging, PlaceSnapshot(staging, path, manifest, NothingStaged)).ConfigureAwait(false);
        return true;
    }

    private bool HasBlobs(Manifest manifest) => manifest.Files.All(file => HasBlob(file.Digest, file.SizeBytes));

    private static Manifest? TryParseManifest(Digest digest, byte[] bytes)
    {
        if (Digest.Of(bytes) != digest)
            return null;
        try
        {
            return Manifest.Parse(bytes);
        }
        catch (ManifestException)
        {
            return null;
        }
    }

    /// <summary>Reads a document, once more if it makes no sense: others remove what nothing seems to need.</summary>
    private static T? TryReadTwice<T>(string path, Func<byte[], T?> tryRead, out bool isThere)
        where T : class
    {
        var first = TryReadFile(path, isSecondRead: false);
        isThere = first is not null;
        if (first is null)
            return null;
        if (tryRead(first) is { } document)
            return document;
        var second = TryReadFile(path, isSecondRead: true);
        isThere = second is not null;
        return second is null ? null : tryRead(second);
    }

    private static byte[]? TryReadFile(string path, bool isSecondRead)
    {
        try
        {
            if (!isSecondRead)
                return File.ReadAllBytes(path);
            using var file = File.OpenRead(path);
            // Or it would only show once more what is in memory, which may be what is wrong.
            Posix.DropCache(file.SafeFileHandle);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
