using Amazon.S3.Model;
using Larder.Sharing;
using Microsoft.Win32.SafeHandles;

namespace Larder.S3;

/// <summary>Sends a file as an object.</summary>
/// <remarks>Each request is signed with the hash of its bytes, so that the server refuses what was changed on the way.</remarks>
internal sealed class S3Upload(S3Bucket bucket, string name, SharedUpload file, IProgress<long>? progress)
{
    /// <summary>A file up to this length is sent in one request.</summary>
    internal const long SinglePutBytes = 16 << 20;

    private const long PartBytes = 8 << 20;
    private const int MaxParts = 10_000;
    private const int Connections = 4;

    private static readonly TimeSpan TidyTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long the parts of a file are: as short as S3's number of parts allows, in whole MiB.</summary>
    internal static long PartBytesFor(long sizeBytes)
    {
        const long unit = 1 << 20;
        var least = (sizeBytes + MaxParts - 1) / MaxParts;
        return Math.Max(PartBytes, (least + unit - 1) / unit * unit);
    }

    public async Task SendAsync(SafeFileHandle bytes, CancellationToken cancellationToken)
    {
        if (file.SizeBytes <= SinglePutBytes)
            await PutAsync(bytes, cancellationToken).ConfigureAwait(false);
        else
            await PutInPartsAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    private async Task PutAsync(SafeFileHandle bytes, CancellationToken cancellationToken)
    {
        var sent = new SentBytes(progress, file.SizeBytes);
        await bucket
            .SendAsync(
                (client, timeout) =>
                {
                    var request = new PutObjectRequest
                    {
                        BucketName = bucket.Bucket,
                        Key = bucket.KeyOf(name),
                        InputStream = new FileSection(bytes, 0, file.SizeBytes),
                        ContentType = S3SharedStore.BinaryType,
                        UseChunkEncoding = false,
                    };
                    request.Metadata["sha256"] = file.Digest.ToString();
                    request.StreamTransferProgress += sent.Add;
                    return client.PutObjectAsync(request, timeout);
                },
                cancellationToken,
                file.SizeBytes
            )
            .ConfigureAwait(false);
        sent.Complete();
    }

    private async Task PutInPartsAsync(SafeFileHandle bytes, CancellationToken cancellationToken)
    {
        var begin = new InitiateMultipartUploadRequest
        {
            BucketName = bucket.Bucket,
            Key = bucket.KeyOf(name),
            ContentType = S3SharedStore.BinaryType,
        };
        begin.Metadata["sha256"] = file.Digest.ToString();
        var begun = await bucket
            .SendAsync((client, timeout) => client.InitiateMultipartUploadAsync(begin, timeout), cancellationToken)
            .ConfigureAwait(false);
        try
        {
            var parts = await SendPartsAsync(bytes, begun.UploadId, cancellationToken).ConfigureAwait(false);
            await bucket
                .SendAsync(
                    (client, timeout) =>
                        client.CompleteMultipartUploadAsync(
                            new CompleteMultipartUploadRequest
                            {
                                BucketName = bucket.Bucket,
                                Key = bucket.KeyOf(name),
                                UploadId = begun.UploadId,
                                PartETags = parts,
                            },
                            timeout
                        ),
                    cancellationToken,
                    // The server may put the parts together before it answers.
                    file.SizeBytes
                )
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SharedStoreException or OperationCanceledException)
        {
            await AbortAsync(begun.UploadId).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<List<PartETag>> SendPartsAsync(
        SafeFileHandle bytes,
        string uploadId,
        CancellationToken cancellationToken
    )
    {
        var partBytes = PartBytesFor(file.SizeBytes);
        var sent = new PartETag[(int)((file.SizeBytes + partBytes - 1) / partBytes)];
        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, sent.Length),
                new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = cancellationToken },
                async (index, stop) =>
                {
                    var offset = index * partBytes;
                    var length = Math.Min(partBytes, file.SizeBytes - offset);
                    var told = new SentBytes(progress, length);
                    var answer = await bucket
                        .SendAsync(
                            (client, timeout) =>
                            {
                                var request = new UploadPartRequest
                                {
                                    BucketName = bucket.Bucket,
                                    Key = bucket.KeyOf(name),
                                    UploadId = uploadId,
                                    PartNumber = index + 1,
                                    PartSize = length,
                                    InputStream = new FileSection(bytes, offset, length),
                                    UseChunkEncoding = false,
                                };
                                request.StreamTransferProgress += told.Add;
                                return client.UploadPartAsync(request, timeout);
                            },
                            stop,
                            length
                        )
                        .ConfigureAwait(false);
                    sent[index] = new PartETag(index + 1, answer.ETag);
                    told.Complete();
                }
            )
            .ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return [.. sent];
    }

    // Parts that stay cost money until the bucket's own rule removes them. Why the upload failed is what counts.
    private async Task AbortAsync(string uploadId)
    {
        using var timeout = new CancellationTokenSource(TidyTimeout);
        try
        {
            await bucket
                .SendAsync(
                    (client, stop) =>
                        client.AbortMultipartUploadAsync(
                            new AbortMultipartUploadRequest
                            {
                                BucketName = bucket.Bucket,
                                Key = bucket.KeyOf(name),
                                UploadId = uploadId,
                            },
                            stop
                        ),
                    timeout.Token
                )
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SharedStoreException or OperationCanceledException)
        {
            // See above.
        }
    }
}
