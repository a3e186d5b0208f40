using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Larder.Content;
using Larder.Origins;
using Larder.Store.Scrub;
using Microsoft.Win32.SafeHandles;

namespace Larder.Transfer;

/// <summary>Fetches a file of unknown length, or of none, over one connection, hashing its bytes as they pass.</summary>
internal sealed class FileFetch(
    IOrigin origin,
    ModelReference reference,
    OriginFile file,
    StagingRoom room,
    TimeSpan idleTimeout,
    ProgressMeter meter
)
{
    private const int BufferSizeBytes = 1 << 20;

    /// <summary>Writes the file to <paramref name="target"/>; returns what it is.</summary>
    /// <exception cref="OriginException">The origin broke off, stalled, or did not keep the length that it announced.</exception>
    public async Task<FetchedFile> RunAsync(SafeFileHandle target, CancellationToken cancellationToken)
    {
        var body = await origin.OpenAsync(reference, file, range: null, cancellationToken).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var checksums = new BlockChecksumBuilder();
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Two buffers: while one is written, the next bytes arrive in the other and are hashed.
        byte[][] buffers = [ArrayPool<byte>.Shared.Rent(BufferSizeBytes), ArrayPool<byte>.Shared.Rent(BufferSizeBytes)];
        var write = Task.CompletedTask;
        try
        {
            long offset = 0;
            for (var turn = 0; ; turn ^= 1)
            {
                var read = await ReadAsync(body, buffers[turn], offset, idle, cancellationToken).ConfigureAwait(false);
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
                meter.Add(read);
            }
        }
        finally
        {
            // A buffer goes back to the pool only when nobody writes from it any more.
            await write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Array.ForEach(buffers, buffer => ArrayPool<byte>.Shared.Return(buffer));
        }
    }

    private async Task<int> ReadAsync(
        Stream body,
        byte[] buffer,
        long offset,
        CancellationTokenSource idle,
        CancellationToken cancellationToken
    )
    {
        idle.CancelAfter(idleTimeout);
        try
        {
            return await body.ReadAsync(buffer.AsMemory(0, BufferSizeBytes), idle.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException stalled) when (!cancellationToken.IsCancellationRequested)
        {
            throw Interrupted(
                offset,
                string.Create(CultureInfo.InvariantCulture, $"not a byte came for {idleTimeout.TotalSeconds} s"),
                stalled
            );
        }
        catch (IOException broken)
        {
            throw Interrupted(offset, broken.Message, broken);
        }
        finally
        {
            idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private OriginException Interrupted(long offset, string what, Exception inner) =>
        new(
            OriginFailure.Unavailable,
            reference.Text,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{file.Path}' of '{reference}' broke off after {offset} bytes: {what}. Pull again."
            ),
            inner
        );
}
