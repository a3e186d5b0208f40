using System.Collections.Concurrent;
using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.Store.Scrub;
using Microsoft.Win32.SafeHandles;

namespace Larder.Transfer;

/// <summary>Where the files of a transfer are put together: a staging area, with the room that is reserved for it.</summary>
internal sealed class TransferTarget(LocalStore store, StoreLayers layers, StagingArea staging, StagingRoom room)
{
    private readonly ConcurrentDictionary<Digest, string> _staged = new();

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

    /// <summary>Makes a file of the length that the origin tells.</summary>
    /// <exception cref="NoRoomException">It does not fit.</exception>
    public async Task<(string Path, SafeFileHandle Handle)> CreateAsync(
        OriginFile file,
        CancellationToken cancellationToken
    )
    {
        var sizeBytes = file.SizeBytes ?? 0;
        await room.ClaimAsync(sizeBytes, cancellationToken).ConfigureAwait(false);
        var path = staging.NewPath();
        return (path, StagingArea.CreateFile(path, sizeBytes));
    }

    /// <summary>Puts a file that is whole on the device.</summary>
    /// <exception cref="IntegrityException">It is not what its origin promised.</exception>
    public ManifestFile Seal(
        ModelReference reference,
        OriginFile file,
        FetchedFile fetched,
        string path,
        SafeFileHandle handle
    )
    {
        if (file.Digest is { } promised && promised != fetched.Digest)
            throw new IntegrityException(
                file.Path,
                promised.ToString(),
                fetched.Digest.ToString(),
                $"'{file.Path}' of '{reference}' is not what its origin promised: expected SHA-256 {promised}, got {fetched.Digest}. It was thrown away; pull again, and if it happens again tell the owner of the model."
            );
        Durability.Seal(handle, path);
        if (BlockChecksums.IsFor(fetched.SizeBytes))
            BlockChecksumFile.TryWrite(path, fetched.Checksums);
        _staged.TryAdd(fetched.Digest, path);
        return new ManifestFile(file.Path, fetched.SizeBytes, fetched.Digest);
    }
}
