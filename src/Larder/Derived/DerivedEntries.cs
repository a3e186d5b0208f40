using System.Security.Cryptography;
using Larder.Content;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Scrub;
using Larder.Store.Usage;

namespace Larder.Derived;

/// <summary>Entries whose files were made here and not pulled: found, made, removed.</summary>
internal sealed class DerivedEntries(LocalStore store, StoreLayers layers, TimeProvider timeProvider)
{
    private const int BufferSizeBytes = 1 << 20;

    // No origin has one to tell.
    private static readonly Dictionary<string, string> NoVersions = new(StringComparer.Ordinal);

    /// <summary>Leases the files that answer a key; null when neither store has them whole.</summary>
    public async Task<DerivedFiles?> TryOpenAsync(EntryKey key, CancellationToken cancellationToken)
    {
        if (layers.Find(key)?.Entry is not { } entry)
            return null;
        // As it is, for that needs nothing written; then built again from its blobs.
        var stored =
            layers.TryOpenWholeSnapshot(entry.Manifest)
            ?? await layers.TryOpenSnapshotAsync(entry.Manifest, cancellationToken).ConfigureAwait(false);
        if (stored is null)
            return null;
        store.Touch(key);
        store.Usage.Append(
            new UsageRecord
            {
                Time = timeProvider.GetUtcNow(),
                Key = key.Digest,
                Hit = true,
            }
        );
        return new DerivedFiles(stored, entry.Duration);
    }

    /// <summary>A place to make files in; null when there is no room for them.</summary>
    /// <param name="key">What they answer.</param>
    /// <param name="sizeBytes">How many bytes they will have, as far as that is known.</param>
    /// <param name="room">What may be removed for them.</param>
    /// <param name="cancellationToken">Stops the wait for others.</param>
    public async Task<DerivedWriter?> TryWriteAsync(
        EntryKey key,
        long sizeBytes,
        DerivedRoom room,
        CancellationToken cancellationToken
    )
    {
        var staging = await store.NewStagingAreaAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await TryReserveAsync(staging, sizeBytes, room, cancellationToken).ConfigureAwait(false))
                return new DerivedWriter(this, key, staging, sizeBytes, room);
        }
        catch
        {
            staging.Dispose();
            throw;
        }
        staging.Dispose();
        return null;
    }

    /// <summary>Makes the files of a writer the answer of its key.</summary>
    public async Task<bool> CommitAsync(
        EntryKey key,
        DerivedWriter writer,
        DerivedSource source,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // Two that made the same at once: the second finds the first one's, and its own goes with its writer.
            using var flight = await FlightLock
                .AcquireAsync(store.FlightPath(key, version: null), cancellationToken)
                .ConfigureAwait(false);
            return await IsThereAsync(key, cancellationToken).ConfigureAwait(false)
                || await TryCommitAloneAsync(key, writer, source, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            throw StoreFailure.Translate(failure, store);
        }
    }

    /// <summary>Whether the store has an answer of a key that is whole.</summary>
    public async Task<bool> IsThereAsync(EntryKey key, CancellationToken cancellationToken)
    {
        // Not in the lower store: who comes to commit in spite of what that has, found it to be no good.
        if (store.TryReadEntry(key) is not { } entry)
            return false;
        using var stored = await store.TryOpenSnapshotAsync(entry.Manifest, cancellationToken).ConfigureAwait(false);
        return stored is not null;
    }

    private async Task<bool> TryCommitAloneAsync(
        EntryKey key,
        DerivedWriter writer,
        DerivedSource source,
        CancellationToken cancellationToken
    )
    {
        // Listed before the first is sealed: lists of checksums come to lie beside them.
        var paths = Directory.EnumerateFiles(writer.Path, "*", LocalStore.AllFiles).ToList();
        var missing = paths.Sum(path => new FileInfo(path).Length) - writer.ReservedBytes;
        if (
            missing > 0
            && !await TryReserveAsync(writer.Staging, missing, writer.Room, cancellationToken).ConfigureAwait(false)
        )
            return false;

        var staged = new Dictionary<Digest, string>();
        var files = new List<ManifestFile>();
        foreach (var path in paths)
        {
            var file = Seal(path, Path.GetRelativePath(writer.Path, path), cancellationToken);
            files.Add(file);
            staged.TryAdd(file.Digest, path);
        }
        var manifest = Manifest.Create(files);
        var entry = EntryOf(key, manifest, source);
        await store.CommitAsync(key, entry, manifest, writer.Staging, staged, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>The entry that makes files the answer of a key.</summary>
    public StoreEntry EntryOf(EntryKey key, Manifest manifest, DerivedSource source)
    {
        var now = timeProvider.GetUtcNow();
        return new StoreEntry
        {
            Request = key.Request,
            Manifest = manifest.Digest,
            // What it named before is damaged, or it would have been there.
            Previous =
                store.TryReadEntry(key) is { } before && before.Manifest != manifest.Digest ? [before.Manifest] : [],
            Created = now,
            Checked = now,
            Duration = source.Duration,
            SizeBytes = manifest.SizeBytes,
            Files = manifest.Files.Count,
            Source = new EntrySource(source.Reference, EntrySource.TrustDerived, NoVersions)
            {
                DerivedFrom = source.Manifest,
                IsFixed = true,
            },
        };
    }

    private async Task<bool> TryReserveAsync(
        StagingArea staging,
        long sizeBytes,
        DerivedRoom room,
        CancellationToken cancellationToken
    )
    {
        var bytes = store.SnapshotsAreCopies ? 2 * sizeBytes : sizeBytes;
        if (room == DerivedRoom.Free)
            return await store.TryReserveFreeAsync(staging, bytes, cancellationToken).ConfigureAwait(false);
        await store.ReserveAsync(staging, bytes, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Reads a file through, and puts it on the device as a blob.</summary>
    private static ManifestFile Seal(string path, string name, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var blocks = new BlockChecksumBuilder();
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSizeBytes);
        long length = 0;
        int read;
        while ((read = RandomAccess.Read(file, buffer, length)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sha256.AppendData(buffer, 0, read);
            blocks.Append(buffer.AsSpan(0, read));
            length += read;
        }
        Durability.Seal(file, path);
        if (BlockChecksums.IsFor(length))
            BlockChecksumFile.TryWrite(path, blocks.End());
        return new ManifestFile(name, length, Digest.FromBytes(sha256.GetHashAndReset()));
    }
}
