using System.Buffers;
using System.Security.Cryptography;
using Larder.Content;
using Microsoft.Win32.SafeHandles;

namespace Larder.Store.Scrub;

/// <summary>Reads files from beginning to end and compares what they are with their digests.</summary>
/// <remarks>Any number of threads at once, one buffer each: memory does not grow with the files.</remarks>
/// <param name="readBytes">How bytes are read.</param>
/// <param name="onRead">Told of every read; awaited, so that it can slow the reading down.</param>
internal sealed class FileCheck(ReadBytes readBytes, Func<int, CancellationToken, ValueTask> onRead)
{
    private const int BufferSizeBytes = BlockChecksums.BlockSizeBytes;

    /// <summary>Checks one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="digest">What it should be.</param>
    /// <param name="blob">The blob whose block checksums hold for it; null when there are none.</param>
    /// <param name="progress">Told how much of it has been read, once for each byte.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async ValueTask<Verdict> RunAsync(
        string path,
        Digest digest,
        string? blob,
        Action<long>? progress,
        CancellationToken cancellationToken
    )
    {
        SafeFileHandle? file = null;
        Verdict? verdict = null;
        try
        {
            if (!Posix.TryStatus(path, followLinks: false, out var named))
                return new Verdict(VerdictKind.Gone);
            if (!named.IsFile)
                return new Verdict(VerdictKind.Damaged, named) { Reason = "is no plain file" };
            file = Posix.TryOpenToRead(path);
            if (file is null)
                return new Verdict(VerdictKind.Gone);
            return verdict = await ReadAsync(path, file, digest, blob, progress, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            return new Verdict(VerdictKind.Unreadable) { Reason = $"cannot be read: {failure.Message}" };
        }
        finally
        {
            if (verdict is null)
                file?.Dispose();
        }
    }

    private async ValueTask<Verdict> ReadAsync(
        string path,
        SafeFileHandle file,
        Digest digest,
        string? blob,
        Action<long>? progress,
        CancellationToken cancellationToken
    )
    {
        var status = Posix.Status(file, path);
        var hasList = blob is not null && BlockChecksums.IsFor(status.SizeBytes);
        var list = hasList ? BlockChecksumFile.TryRead(blob!) : null;
        // A second sum of every byte only where it is of use: to write a list that is not there, or to find the damage.
        var missing = hasList && list?.LengthBytes != status.SizeBytes ? new BlockChecksumBuilder() : null;
        var first = await HashAsync(path, file, missing, progress, cancellationToken).ConfigureAwait(false);
        if (first.Digest == digest)
            return new Verdict(VerdictKind.Sound, status, file) { MissingChecksums = missing?.End() };

        // A bit that flipped in memory or on the wire is no damage at rest. What is in memory is dropped before the second
        // look, or it would only see the same again.
        Posix.DropCache(file);
        if (blob is not null)
            list ??= BlockChecksumFile.TryRead(blob);
        var actual = new BlockChecksumBuilder(list?.LengthBytes ?? 0);
        var second = await HashAsync(path, file, actual, progress: null, cancellationToken).ConfigureAwait(false);
        if (second.Digest == digest)
            return new Verdict(VerdictKind.Transient, status, file)
            {
                Reason = "was read wrong once and right the second time: memory, a cable or a controller has a fault",
            };
        return new Verdict(VerdictKind.Damaged, status, file)
        {
            Reason = $"has other bytes than its digest says (they are {second.Digest})",
            DamagedRanges = list is null
                ? OfOneBlock(second.SizeBytes)
                : list.Differences(actual.End(), second.SizeBytes),
        };
    }

    private async ValueTask<(Digest Digest, long SizeBytes)> HashAsync(
        string path,
        SafeFileHandle file,
        BlockChecksumBuilder? checksums,
        Action<long>? progress,
        CancellationToken cancellationToken
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSizeBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (long offset = 0; ; )
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = readBytes(path, file, buffer.AsSpan(0, BufferSizeBytes), offset);
                if (read == 0)
                    return (Digest.FromBytes(hash.GetHashAndReset()), offset);
                hash.AppendData(buffer, 0, read);
                checksums?.Append(buffer.AsSpan(0, read));
                offset += read;
                progress?.Invoke(read);
                await onRead(read, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Of a file of one block, all of it is the damaged block. Of a longer one without a list nobody knows.
    private static IReadOnlyList<ByteRange> OfOneBlock(long sizeBytes) =>
        sizeBytes == 0 || BlockChecksums.IsFor(sizeBytes) ? [] : [new ByteRange(0, sizeBytes)];
}
