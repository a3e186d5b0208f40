using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.Store.Scrub;
using Larder.Transfer;
using Microsoft.Win32.SafeHandles;

namespace Larder.Pull.Targets;

/// <summary>Takes files that lie in a directory into a staging area, in place of fetching them: those of an image, for instance.</summary>
/// <remarks>
/// A file is the origin's when its bytes have the SHA-256 or MD5 that the origin names, or when it was laid out here from this
/// very version of it; its length alone counts only where the caller says so. It is copied, or shares its blocks: what becomes
/// of the one in the directory is no matter to the store.
/// </remarks>
internal sealed class Adopter(
    TargetDirectory directory,
    ModelReference reference,
    LocalStore store,
    StagingArea staging,
    StagingRoom room,
    TransferTarget target
)
{
    private const int BufferSizeBytes = 1 << 20;
    private static readonly Dictionary<int, uint> NothingSaid = [];

    private readonly TargetRecord _record = TargetRecord.Read(directory.Path);
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSizeBytes);
    private readonly Dictionary<string, ManifestFile> _adopted = new(StringComparer.Ordinal);

    /// <summary>What was taken, by path.</summary>
    public IReadOnlyDictionary<string, ManifestFile> Adopted => _adopted;

    /// <summary>Files that were taken by their length alone.</summary>
    public List<string> BySize { get; } = [];

    /// <summary>Whether the origin did not name the SHA-256 of a file that was taken.</summary>
    public bool IsTrusting { get; private set; }

    /// <summary>Takes whatever of a plan the store lacks and the directory has.</summary>
    /// <exception cref="NoRoomException">It does not fit.</exception>
    public async Task RunAsync(TransferPlan plan, CancellationToken cancellationToken)
    {
        foreach (var planned in plan.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (planned.Known is { } known && store.HasBlob(known.Digest, known.SizeBytes))
                continue;
            try
            {
                if (await TryAdoptAsync(planned, cancellationToken).ConfigureAwait(false) is { } file)
                    _adopted[planned.File.Path] = file;
            }
            catch (Exception failure) when (StoreFailure.Covers(failure) && !IsFull(failure))
            {
                // A file that cannot be read is fetched like any other.
            }
        }
    }

    private static bool IsFull(Exception failure) => failure is IOException { HResult: Posix.ENOSPC or Posix.EDQUOT };

    private async Task<ManifestFile?> TryAdoptAsync(PlannedFile planned, CancellationToken cancellationToken)
    {
        var path = Path.Join(directory.Path, planned.File.Path);
        using var source = Posix.TryOpenToRead(path);
        if (source is null)
            return null;
        var before = Posix.Status(source, path);
        var wanted = WantedOf(planned, before);
        if (!before.IsFile || wanted is null || planned.File.SizeBytes is { } size && size != before.SizeBytes)
            return null;

        // Read before it is copied: most files that are here and not wanted are those of the version before.
        if (wanted.IsProof && !IsKnown(planned, before, wanted) && !wanted.IsOf(Measure(source, copy: null, wanted)))
            return null;
        await room.ClaimAsync(before.SizeBytes, cancellationToken).ConfigureAwait(false);
        var copied = staging.NewPath();
        using var copy = new TargetFile(
            copied,
            StagingArea.CreateFile(copied, sizeBytes: 0),
            NothingSaid,
            partial: null
        );
        var isShared = Posix.TryReflink(source, copy.Handle);
        var measured = isShared ? Measure(copy.Handle, copy: null, wanted) : Measure(source, copy.Handle, wanted);
        var after = Posix.Status(source, path);
        // Somebody writes to it: what was copied is neither the one nor the other.
        if (!wanted.IsOf(measured) || LaidOutFile.StampOf(after) != LaidOutFile.StampOf(before))
        {
            Posix.Unlink(copied);
            room.GiveBack(before.SizeBytes);
            return null;
        }
        directory.Remember(planned.File.Path, measured.File.Digest, after);
        IsTrusting |= planned.File.Digest is null;
        if (!wanted.IsProof)
            BySize.Add(planned.File.Path);
        return target.Seal(reference, planned.File, measured.File, copy);
    }

    // By the stamp alone; what is copied is measured all the same.
    private bool IsKnown(PlannedFile planned, in FileStatus status, Wanted wanted) =>
        _record.Files.GetValueOrDefault(planned.File.Path) is { } noted
        && noted.IsStampOf(status)
        && noted.Digest == wanted.Digest;

    private Wanted? WantedOf(PlannedFile planned, in FileStatus status)
    {
        if (planned.Known is { } known)
            return new Wanted(known.Digest, null);
        if (planned.File.Md5 is { } md5)
            return new Wanted(null, md5);
        // It was laid out here from this version, and nobody has touched it since, or its bytes are still the same.
        if (
            _record.Reference == reference.Text
            && _record.Files.GetValueOrDefault(planned.File.Path) is { Version: { } version } noted
            && version == planned.File.Version
        )
            return new Wanted(noted.Digest, null);
        return directory.TrustsSizes && planned.File.SizeBytes == status.SizeBytes ? new Wanted(null, null) : null;
    }

    [SuppressMessage(
        "Security",
        "CA5351",
        Justification = "It is what the origin names, and compared with that alone."
    )]
    private Measured Measure(SafeFileHandle file, SafeFileHandle? copy, Wanted wanted)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var md5 = wanted.Md5 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var blocks = new BlockChecksumBuilder();
        long offset = 0;
        int read;
        while ((read = RandomAccess.Read(file, _buffer, offset)) > 0)
        {
            var bytes = _buffer.AsSpan(0, read);
            sha256.AppendData(bytes);
            md5?.AppendData(bytes);
            blocks.Append(bytes);
            if (copy is not null)
                RandomAccess.Write(copy, bytes, offset);
            offset += read;
        }
        return new Measured(
            new FetchedFile(offset, Digest.FromBytes(sha256.GetHashAndReset()), blocks.End()),
            md5 is null ? null : Convert.ToHexStringLower(md5.GetHashAndReset())
        );
    }

    private sealed record Measured(FetchedFile File, string? Md5);

    /// <summary>What the bytes must be; with neither of the two their length is all that is known.</summary>
    private sealed record Wanted(Digest? Digest, string? Md5)
    {
        public bool IsProof => Digest is not null || Md5 is not null;

        public bool IsOf(Measured measured) =>
            (Digest is not { } digest || digest == measured.File.Digest) && (Md5 is null || Md5 == measured.Md5);
    }
}
