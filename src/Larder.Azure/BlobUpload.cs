using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core;
using Larder.Sharing;
using Microsoft.Win32.SafeHandles;

namespace Larder.Azure;

/// <summary>Sends a file as a blob.</summary>
/// <remarks>
/// Each request has the MD5 of its bytes, so that the service refuses what was changed on the way. A block has the same name
/// whoever sends it: several who send the same file at once send the same blocks, and none takes away another's.
/// </remarks>
internal sealed class BlobUpload(BlobContainer container, string name, SharedUpload file, IProgress<long>? progress)
{
    private const long SinglePutBytes = 16 << 20;
    private const long BlockBytes = 8 << 20;
    private const int MaxBlocks = 50_000;
    private const int Connections = 4;

    private static readonly int[] Created = [201];

    /// <summary>How long the blocks of a file are: as short as Azure's number of blocks allows, in whole MiB.</summary>
    internal static long BlockBytesFor(long sizeBytes)
    {
        const long unit = 1 << 20;
        var least = (sizeBytes + MaxBlocks - 1) / MaxBlocks;
        return Math.Max(BlockBytes, (least + unit - 1) / unit * unit);
    }

    public async Task SendAsync(SafeFileHandle bytes, CancellationToken cancellationToken)
    {
        if (file.SizeBytes <= SinglePutBytes)
        {
            await PutAsync(bytes, 0, file.SizeBytes, "", Describe, cancellationToken).ConfigureAwait(false);
            return;
        }
        var blockBytes = BlockBytesFor(file.SizeBytes);
        var blocks = (int)((file.SizeBytes + blockBytes - 1) / blockBytes);
        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, blocks),
                new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = cancellationToken },
                async (index, stop) =>
                    await PutAsync(
                            bytes,
                            index * blockBytes,
                            Math.Min(blockBytes, file.SizeBytes - (index * blockBytes)),
                            $"comp=block&blockid={Uri.EscapeDataString(IdOf(index))}",
                            prepare: null,
                            stop
                        )
                        .ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        await CommitAsync(blocks, cancellationToken).ConfigureAwait(false);
    }

    // All of one blob must be equally long.
    private static string IdOf(int index) =>
        Convert.ToBase64String(
            Encoding.ASCII.GetBytes(index.ToString("larder-00000000", CultureInfo.InvariantCulture))
        );

    private void Describe(Request request)
    {
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        DescribeWhole(request);
    }

    private void DescribeWhole(Request request)
    {
        request.Headers.Add("x-ms-blob-content-type", "application/octet-stream");
        request.Headers.Add("x-ms-meta-sha256", file.Digest.ToString());
    }

    private async Task PutAsync(
        SafeFileHandle bytes,
        long offset,
        long length,
        string query,
        Action<Request>? prepare,
        CancellationToken cancellationToken
    )
    {
        var md5 = await Md5Async(bytes, offset, length, cancellationToken).ConfigureAwait(false);
        // Told as it goes: of some blocks at once on a slow line the first may be there after a minute.
        using var section = new FileSection(bytes, offset, length, progress);
        using var message = await container
            .SendAsync(
                RequestMethod.Put,
                name,
                query,
                request =>
                {
                    prepare?.Invoke(request);
                    request.Headers.SetValue("Content-Length", length.ToString(CultureInfo.InvariantCulture));
                    request.Headers.SetValue("Content-MD5", Convert.ToBase64String(md5));
                    request.Content = RequestContent.Create(section);
                },
                Created,
                cancellationToken,
                length
            )
            .ConfigureAwait(false);
    }

    private async Task CommitAsync(int blocks, CancellationToken cancellationToken)
    {
        var list = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        for (var index = 0; index < blocks; index++)
            // The latest, as somebody else's commit may have made it a part of the blob already.
            list.Append("<Latest>").Append(IdOf(index)).Append("</Latest>");
        var body = Encoding.UTF8.GetBytes(list.Append("</BlockList>").ToString());
        using var message = await container
            .SendAsync(
                RequestMethod.Put,
                name,
                "comp=blocklist",
                request =>
                {
                    DescribeWhole(request);
                    request.Headers.SetValue("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture));
                    request.Content = RequestContent.Create(body);
                },
                Created,
                cancellationToken,
                body.Length
            )
            .ConfigureAwait(false);
    }

    private static async Task<byte[]> Md5Async(
        SafeFileHandle bytes,
        long offset,
        long length,
        CancellationToken cancellationToken
    )
    {
        using var section = new FileSection(bytes, offset, length);
#pragma warning disable CA5351 // What the service checks a transport with; nothing is safe because of it.
        return await MD5.HashDataAsync(section, cancellationToken).ConfigureAwait(false);
#pragma warning restore CA5351
    }
}
