using System.Collections.Concurrent;
using System.Globalization;
using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.Store.Partial;
using Larder.Store.Scrub;

namespace Larder.Transfer;

/// <summary>Where the files of a transfer are put together: a staging area, with the room that is reserved for it.</summary>
internal sealed class TransferTarget(
    LocalStore store,
    StoreLayers layers,
    StagingArea staging,
    StagingRoom room,
    IReadOnlyDictionary<Digest, string>? staged = null
)
{
    private static readonly Dictionary<int, uint> NothingSaid = [];

    private readonly ConcurrentDictionary<Digest, string> _staged = new(staged ?? new Dictionary<Digest, string>());

    /// <summary>For each digest the sealed file in the staging area.</summary>
    public IReadOnlyDictionary<Digest, string> Staged => _staged;

    public StagingRoom Room => room;

    /// <summary>Takes a file from the store, or from the lower one; false when neither has it.</summary>
    public async ValueTask<bool> TryReuseAsync(ManifestFile known, CancellationToken cancellationToken)
    {
        if (_staged.ContainsKey(known.Digest))
            return true;
        if (!store.TryStage(staging, known.Digest, known.SizeBytes, out var path))
        {
            if (layers.Lower is null)
                return false;
            await room.ClaimAsync(known.SizeBytes, cancellationToken).ConfigureAwait(false);
            if (!layers.TryCopyFromLower(known, path))
            {
                room.GiveBack(known.SizeBytes);
                return false;
            }
        }
        _staged.TryAdd(known.Digest, path);
        return true;
    }

    /// <summary>Makes a file of the length that the origin tells, or goes on with what is left of it.</summary>
    /// <exception cref="NoRoomException">It does not fit.</exception>
    public async Task<TargetFile> CreateAsync(PlannedFile planned, CancellationToken cancellationToken)
    {
        var file = planned.File;
        var sizeBytes = file.SizeBytes ?? 0;
        await room.ClaimAsync(sizeBytes, cancellationToken).ConfigureAwait(false);
        if (sizeBytes == 0 || staging.Partial is not { } partial)
            return Create(sizeBytes, partial: null);

        var id = IdOf(file, sizeBytes);
        if (TryReopen(partial, id, file, sizeBytes) is { } left)
            return left;
        var created = TryCopyDamaged(planned, partial) ?? Create(sizeBytes, partial);
        partial.Begin(created.Path, id, sizeBytes);
        return created;
    }

    /// <summary>Removes what an earlier transfer has left and this one has no use for.</summary>
    public void DropRest() => staging.Partial?.DropRest();

    /// <summary>Puts a file that is whole on the device.</summary>
    /// <exception cref="IntegrityException">It is not what its origin promised.</exception>
    public ManifestFile Seal(ModelReference reference, OriginFile file, FetchedFile fetched, TargetFile target)
    {
        if (file.Digest is { } promised && promised != fetched.Digest)
            throw new IntegrityException(
                file.Path,
                promised.ToString(),
                fetched.Digest.ToString(),
                $"'{file.Path}' of '{reference}' is not what its origin promised: expected SHA-256 {promised}, got {fetched.Digest}. It was thrown away; pull again, and if it happens again tell the owner of the model."
            );
        Durability.Seal(target.Handle, target.Path);
        if (BlockChecksums.IsFor(fetched.SizeBytes))
            BlockChecksumFile.TryWrite(target.Path, fetched.Checksums);
        _staged.TryAdd(fetched.Digest, target.Path);
        return new ManifestFile(file.Path, fetched.SizeBytes, fetched.Digest);
    }

    /// <summary>What a file will be: its digest where the origin tells it, else this version of this file.</summary>
    private static Digest IdOf(OriginFile file, long sizeBytes)
    {
        if (file.Digest is { } digest)
            return digest;
        var json = new CanonicalJsonWriter();
        json.WriteRaw("{\"path\":"u8);
        json.WriteString(file.Path);
        json.WriteRaw(",\"size\":"u8);
        json.WriteString(sizeBytes.ToString(CultureInfo.InvariantCulture));
        json.WriteRaw(",\"version\":"u8);
        json.WriteString(file.Version);
        json.WriteRaw("}"u8);
        return Digest.Of(json.ToArray());
    }

    private static TargetFile? TryReopen(PartialFiles partial, Digest id, OriginFile file, long sizeBytes)
    {
        if (!partial.TryTake(id, sizeBytes, out var left, out var path))
            return null;
        try
        {
            // Holes can only be filled where the origin has parts.
            if (file.HasRanges || left.Blocks.Count == BlockChecksums.BlockCount(sizeBytes))
                return new TargetFile(path, StagingArea.ReopenFile(path), left.Blocks, partial);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            // Whatever it is, a new one will do.
        }
        partial.Drop(left);
        return null;
    }

    /// <summary>Begins with what is right of a blob that a verification found damaged.</summary>
    private TargetFile? TryCopyDamaged(PlannedFile planned, PartialFiles partial)
    {
        if (!planned.File.HasRanges || planned.Known is not { } known)
            return null;
        var path = staging.NewPath();
        try
        {
            return store.Quarantine.TryCopy(known.Digest, known.SizeBytes, path) is { } checksums
                ? new TargetFile(path, StagingArea.ReopenFile(path), Said(checksums), partial)
                : null;
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            return null; // A bad disk may not give it back: all of it is fetched.
        }
    }

    private static Dictionary<int, uint> Said(BlockChecksums checksums)
    {
        var said = new Dictionary<int, uint>(checksums.Blocks.Length);
        foreach (var checksum in checksums.Blocks)
            said.Add(said.Count, checksum);
        return said;
    }

    private TargetFile Create(long sizeBytes, PartialFiles? partial)
    {
        var path = staging.NewPath();
        return new TargetFile(path, StagingArea.CreateFile(path, sizeBytes), NothingSaid, partial);
    }
}
