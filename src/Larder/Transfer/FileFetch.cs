using System.Buffers;
using System.Security.Cryptography;
using Larder.Content;
using Larder.Origins;
using Larder.Store.Scrub;
using Larder.Telemetry;
using Microsoft.Win32.SafeHandles;

namespace Larder.Transfer;

/// <summary>Fetches a file of unknown length, or of none, over one connection, hashing its bytes as they pass.</summary>
internal sealed class FileFetch(
    IOrigin origin,
    ModelReference reference,
    OriginFile file,
    StagingRoom room,
    TransferContext context,
    FileMeter meter
)
{
    private const int BufferSizeBytes = 1 << 20;

    /// <summary>Writes the file to <paramref name="target"/>; returns what it is.</summary>
    /// <exception cref="OriginException">The origin broke off, stalled, or did not keep the length that it announced.</exception>
    public async Task<FetchedFile> RunAsync(SafeFileHandle target, CancellationToken cancellationToken)
    {
        var body = await origin.OpenAsync(reference, file, range: null, cancellationToken).ConfigureAwait(false);
        var reader = new BodyReader(body, reference, file, context, rate: null, cancellationToken);
        await using var _ = reader.ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var checksums = new BlockChecksumBuilder();

        // Two buffers: while one is written, the next bytes arrive in the other and are hashed.
        byte[][] buffers = [ArrayPool<byte>.Shared.Rent(BufferSizeBytes), ArrayPool<byte>.Shared.Rent(BufferSizeBytes)];
        var write = Task.CompletedTask;
        try
        {
            long offset = 0;
            for (var turn = 0; ; turn ^= 1)
            {
                var read = await reader
                    .ReadAsync(buffers[turn].AsMemory(0, BufferSizeBytes), offset)
                    .ConfigureAwait(false);
                if (offset + read > file.SizeBytes)
                    throw IntegrityException.Length(reference, file, offset + read);
                if (file.SizeBytes is null)
                    await room.ClaimAsync(read, cancellationToken).ConfigureAwait(false);
                hash.AppendData(buffers[turn], 0, read);
                checksums.Append(buffers[turn].AsSpan(0, read));
                await write.ConfigureAwait(false);
                if (read == 0)
                    return new FetchedFile(offset, Digest.FromBytes(hash.GetHashAndReset()), checksums.End());
                write = RandomAccess
                    .WriteAsync(target, buffers[turn].AsMemory(0, read), offset, cancellationToken)
                    .AsTask();
                offset += read;
                meter.Arrived(read);
                TransferMeter.Arrived(read);
            }
        }
        finally
        {
            // A buffer goes back to the pool only when nobody writes from it any more.
            await write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Array.ForEach(buffers, buffer => ArrayPool<byte>.Shared.Return(buffer));
        }
    }
}
