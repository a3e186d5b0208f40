using System.Buffers;
using System.Security.Cryptography;
using Larder.Content;
using Larder.Origins;
using Larder.Transfer;

namespace Larder.Pull;

/// <summary>Tells the digest of a listed file without storing it.</summary>
internal static class InPlaceHash
{
    private const int BufferSizeBytes = 1 << 20;

    /// <summary>Reads a file at its origin, in the version that was listed.</summary>
    /// <exception cref="OriginException">It changed meanwhile, or cannot be read.</exception>
    /// <exception cref="IntegrityException">It is longer or shorter than it was listed.</exception>
    public static async Task<ManifestFile> RunAsync(
        PullJob job,
        OriginFile file,
        CancellationToken cancellationToken
    )
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSizeBytes);
        long length = 0;
        try
        {
            var body = await job.Origin.OpenAsync(job.Reference, file, range: null, cancellationToken)
                .ConfigureAwait(false);
            await using var _ = body.ConfigureAwait(false);
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                sha256.AppendData(buffer, 0, read);
                length += read;
            }
        }
        catch (IOException failure)
        {
            throw new OriginException(
                OriginFailure.Unavailable,
                job.Reference.Text,
                $"'{file.Path}' of '{job.Reference}' cannot be read: {failure.Message.TrimEnd('.')}. Check its disk.",
                failure
            );
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return length == (file.SizeBytes ?? length)
            ? new ManifestFile(file.Path, length, Digest.FromBytes(sha256.GetHashAndReset()))
            : throw IntegrityException.Length(job.Reference, file, length);
    }
}
