using Larder.Content;
using Larder.Store;
using Larder.Telemetry;
using Microsoft.Extensions.Logging;

namespace Larder.Sharing;

/// <summary>Publishes answers: blobs, then the manifest, then the entry, each visible only after what it names.</summary>
/// <remarks>
/// Killed between any two steps it leaves what nobody reads, and the next publication goes on from there. It removes nothing: a
/// broken entry is written over, on condition that it is still the one that was found broken.
/// </remarks>
internal sealed class SharedPublisher(
    PatientStore store,
    EntryDocuments documents,
    SharedContents contents,
    KnownBroken broken,
    CapabilityProbe probe,
    ILogger logger
)
{
    /// <summary>How often others may come before with the same entry until it is given up.</summary>
    private const int MostTurns = 4;

    private const int UploadsAtOnce = 4;

    public async Task<SharedPublication> PublishAsync(
        EntryKey key,
        StoreEntry entry,
        Manifest manifest,
        Func<ManifestFile, string> pathOf,
        CancellationToken cancellationToken
    )
    {
        if (documents.OwnPlace is not { } place)
            return Not(key, "only signed entries are believed here, and there is no key to sign with");
        if (!SharedRules.CanBeShared(key))
            return new SharedPublication(SharedOutcome.NotPublished, Manifest: null, BytesSent: 0);
        var document = documents.Write(entry);
        if (document.Length > EntryDocuments.MostBytes || manifest.Bytes.Length > SharedContents.MostManifestBytes)
            return Not(
                key,
                FormattableString.Invariant(
                    $"its documents of {document.Length} and {manifest.Bytes.Length} bytes are too large, at most {EntryDocuments.MostBytes} and {SharedContents.MostManifestBytes} can be shared"
                )
            );
        var upload = new Upload(key, entry, manifest, pathOf);
        try
        {
            if (!await probe.IsCapableAsync(cancellationToken).ConfigureAwait(false))
                return new SharedPublication(SharedOutcome.NotPublished, Manifest: null, BytesSent: 0);
            return await PublishAsync(
                    upload,
                    SharedNames.Entry(place, key.Kind, key.Digest),
                    place,
                    document,
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SharedStoreException)
        {
            // Has been warned of.
            return new SharedPublication(SharedOutcome.NotPublished, Manifest: null, upload.BytesSent);
        }
        catch (UploadException damaged)
        {
            return Not(key, damaged.Message);
        }
    }

    private async Task<SharedPublication> PublishAsync(
        Upload upload,
        string name,
        string place,
        byte[] document,
        CancellationToken cancellationToken
    )
    {
        for (var turn = 0; turn < MostTurns; turn++)
        {
            var (outcome, there, seen) = await JudgeAsync(upload, name, place, cancellationToken).ConfigureAwait(false);
            if (outcome != SharedOutcome.Different)
            {
                await SendAsync(upload, cancellationToken).ConfigureAwait(false);
                if (outcome != SharedOutcome.AlreadyThere)
                {
                    var condition = seen is null ? SharedCondition.Absent : SharedCondition.Unchanged(seen);
                    var written = await WriteAsync(name, document, condition, cancellationToken).ConfigureAwait(false);
                    if (written is null)
                        continue; // Another was quicker: what he wrote is looked at.
                    there = upload.Manifest.Digest;
                }
                broken.Forget(name);
                await SendAgainAsync(upload, cancellationToken).ConfigureAwait(false);
            }
            if (outcome == SharedOutcome.Replaced)
                logger.Replaced(name);
            logger.Published(upload.Key, upload.Manifest.Digest, outcome, upload.BytesSent);
            return new SharedPublication(outcome, there, upload.BytesSent);
        }
        return Not(upload.Key, "others change the same entry all the time");
    }

    /// <summary>What has to be done: the outcome that it will have, and the entry's manifest and document as they are.</summary>
    private async Task<(SharedOutcome Outcome, Digest? There, SharedObject? Seen)> JudgeAsync(
        Upload upload,
        string name,
        string place,
        CancellationToken cancellationToken
    )
    {
        var (seen, content) = await ReadAsync(name, EntryDocuments.MostBytes, cancellationToken).ConfigureAwait(false);
        if (seen is null)
            return (SharedOutcome.Published, null, null);
        if (documents.TryRead(place, upload.Key, content, out _) is not { } there)
            return (SharedOutcome.Replaced, null, seen);
        var now = store.Patience.Time.GetUtcNow();
        if (SharedRules.GivesWay(upload.Key, there, upload.Entry, now))
            return (SharedOutcome.MovedOn, there.Manifest, seen);
        if (there.Manifest == upload.Manifest.Digest)
            // Its size is part of it as well, and of a document that lies the manifest says how much it is.
            return there.SizeBytes == upload.Manifest.SizeBytes
                ? (SharedOutcome.AlreadyThere, there.Manifest, seen)
                : (SharedOutcome.Replaced, there.Manifest, seen);
        if (broken.Has(seen))
            return (SharedOutcome.Replaced, there.Manifest, seen);
        var look = await contents
            .LookAsync(SharedDirection.Write, there.Manifest, cancellationToken)
            .ConfigureAwait(false);
        if (look.Fault is { } fault)
        {
            logger.EntryIgnored(name, fault);
            return (SharedOutcome.Replaced, there.Manifest, seen);
        }
        // A model that can move and was checked later than this one has only moved on.
        if (!SharedRules.GivesWay(upload.Key, upload.Entry, there, now))
            logger.Different(upload.Key, there.Manifest, upload.Manifest.Digest);
        return (SharedOutcome.Different, there.Manifest, seen);
    }

    // One that is too large to be read is there all the same, and broken.
    private async Task<(SharedObject? Seen, ReadOnlyMemory<byte> Content)> ReadAsync(
        string name,
        int mostBytes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var document = await store
                .AskAsync(
                    SharedDirection.Write,
                    (shared, token) => shared.TryReadAsync(name, mostBytes, token),
                    cancellationToken
                )
                .ConfigureAwait(false);
            return (document?.Seen, document?.Content ?? default);
        }
        catch (SharedStoreException tooLarge) when (tooLarge.Failure == SharedFailure.Broken)
        {
            return (await StatAsync(name, cancellationToken).ConfigureAwait(false), default);
        }
    }

    /// <summary>Sends what is missing of the files and their manifest.</summary>
    private async Task SendAsync(Upload upload, CancellationToken cancellationToken)
    {
        await SendBlobsAsync(upload, cancellationToken).ConfigureAwait(false);
        await SendManifestAsync(upload.Manifest, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks once more, now that they are reachable, and sends what a pruner took before they were.</summary>
    private async Task SendAgainAsync(Upload upload, CancellationToken cancellationToken)
    {
        try
        {
            var sent = await SendBlobsAsync(upload, cancellationToken).ConfigureAwait(false);
            if (sent > 0)
                logger.SentAgain(sent, upload.Key);
            var name = SharedNames.Manifest(upload.Manifest.Digest);
            if (await StatAsync(name, cancellationToken).ConfigureAwait(false) is null)
                await SendManifestAsync(upload.Manifest, cancellationToken).ConfigureAwait(false);
        }
        catch (SharedStoreException)
        {
            // Has been warned of. The entry is published; if something is missing indeed, it is a miss to who reads it.
        }
    }

    private async Task<int> SendBlobsAsync(Upload upload, CancellationToken cancellationToken)
    {
        var seen = await contents
            .StatAsync(SharedDirection.Write, upload.Manifest, cancellationToken)
            .ConfigureAwait(false);
        ManifestFile[] missing =
        [
            .. upload
                .Manifest.Files.DistinctBy(file => file.Digest)
                .Where(file => contents.FaultOf(file, seen) is not null),
        ];
        if (missing.Length == 0)
            return 0;
        // Together they are one transfer, which loses time only while all of it is slow.
        using var wait = store.Begin(SharedDirection.Write);
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = UploadsAtOnce,
            CancellationToken = cancellationToken,
        };
        await Parallel
            .ForEachAsync(
                missing,
                options,
                async (file, token) => await SendAsync(upload, file, wait, token).ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        wait.Answered();
        return missing.Length;
    }

    private async Task SendAsync(
        Upload upload,
        ManifestFile file,
        PatientWait wait,
        CancellationToken cancellationToken
    )
    {
        var path = upload.PathOf(file);
        // Whoever sends damaged bytes under a good name spoils them for all.
        if (new FileInfo(path) is not { Exists: true } local || local.Length != file.SizeBytes)
            throw new UploadException($"'{path}' is missing, or has not the {file.SizeBytes} bytes that it should");
        var source = new SharedUpload(path, file.SizeBytes, file.Digest);
        var progress = new MovedBytes(wait);
        await store
            .AskAsync(
                SharedDirection.Write,
                wait,
                async (shared, token) =>
                {
                    await shared
                        .UploadAsync(SharedNames.Blob(file.Digest), source, progress, token)
                        .ConfigureAwait(false);
                    return true;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        broken.Forget(file.Digest);
        upload.Sent(file.SizeBytes);
        SharedMeter.Sent(file.SizeBytes);
    }

    // A manifest that is not what its name says is nobody's: whoever has the right one puts it there.
    private async Task SendManifestAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        var name = SharedNames.Manifest(manifest.Digest);
        var written = await WriteAsync(name, manifest.Bytes, SharedCondition.Absent, cancellationToken)
            .ConfigureAwait(false);
        if (written is not null)
            return;
        var (seen, content) = await ReadAsync(name, SharedContents.MostManifestBytes, cancellationToken)
            .ConfigureAwait(false);
        if (seen is not null && !content.Span.SequenceEqual(manifest.Bytes.Span))
            await WriteAsync(name, manifest.Bytes, SharedCondition.Unchanged(seen), cancellationToken)
                .ConfigureAwait(false);
    }

    private Task<SharedObject?> StatAsync(string name, CancellationToken cancellationToken) =>
        store.AskAsync(SharedDirection.Write, (shared, token) => shared.TryStatAsync(name, token), cancellationToken);

    private Task<SharedObject?> WriteAsync(
        string name,
        ReadOnlyMemory<byte> content,
        SharedCondition condition,
        CancellationToken cancellationToken
    ) =>
        store.AskAsync(
            SharedDirection.Write,
            (shared, token) => shared.TryWriteAsync(name, content, condition, token),
            cancellationToken
        );

    private SharedPublication Not(EntryKey key, string reason)
    {
        logger.NotPublished(key, reason);
        return new SharedPublication(SharedOutcome.NotPublished, Manifest: null, BytesSent: 0);
    }

    /// <summary>What is published, and how much of it has been sent.</summary>
    private sealed class Upload(EntryKey key, StoreEntry entry, Manifest manifest, Func<ManifestFile, string> pathOf)
    {
        private long _bytesSent;

        public EntryKey Key => key;

        public StoreEntry Entry => entry;

        public Manifest Manifest => manifest;

        public long BytesSent => Interlocked.Read(ref _bytesSent);

        public string PathOf(ManifestFile file) => pathOf(file);

        public void Sent(long bytes) => Interlocked.Add(ref _bytesSent, bytes);
    }

    /// <summary>Tells a wait at once, on the thread that sends: the clock of the wait counts.</summary>
    private sealed class MovedBytes(PatientWait wait) : IProgress<long>
    {
        public void Report(long value) => wait.Moved(value);
    }

    /// <summary>A file here is not what it should be.</summary>
    private sealed class UploadException(string message) : Exception(message);
}
