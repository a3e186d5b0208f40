using System.Security.Cryptography;
using Larder.Baking.Images;
using Larder.Content;
using Larder.Store;
using Larder.Transfer;
using Microsoft.Win32.SafeHandles;

namespace Larder.Baking;

/// <summary>Writes blobs into an image archive: layers and documents, named by their digests.</summary>
/// <remarks>
/// A blob's name stands before its bytes, and what it is is known only after them. So the header is written first with a name of
/// the same length and put right at the end: every byte is read once and written once, where finding the digest first would read
/// all of it twice.
/// </remarks>
internal sealed class BlobWriter(ImageOutput output)
{
    private const int BlockBytes = 1 << 20;

    private readonly HashSet<Digest> _written = [];
    private readonly byte[][] _blocks = [new byte[BlockBytes], new byte[BlockBytes]];

    /// <summary>Writes a layer.</summary>
    /// <exception cref="StoreException">A file of the store does not have the bytes that its digest says.</exception>
    public Task<Digest> WriteLayerAsync(LayerPlan layer, FileMeter meter, CancellationToken cancellationToken) =>
        WriteAsync(
            layer.SizeBytes,
            async hash =>
            {
                foreach (var item in layer.Items)
                    await WriteItemAsync(item, hash, meter, cancellationToken).ConfigureAwait(false);
                await PutAsync(TarEntry.End, hash, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken
        );

    /// <summary>Writes a document.</summary>
    public Task<Digest> WriteDocumentAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        WriteAsync(bytes.Length, hash => PutAsync(bytes, hash, cancellationToken).AsTask(), cancellationToken);

    /// <summary>Writes a layer of another archive as it is.</summary>
    /// <exception cref="ImageException">It is not what that archive says.</exception>
    public async Task<Digest> CopyLayerAsync(
        ImageArchive archive,
        ArchivedLayer layer,
        FileMeter meter,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var digest = await WriteAsync(
                    layer.SizeBytes,
                    hash =>
                        CopyAsync(
                            archive.File,
                            layer.Offset,
                            layer.SizeBytes,
                            hash,
                            fileHash: null,
                            () => archive.Fault($"is cut off in {layer.Name}"),
                            meter,
                            cancellationToken
                        ),
                    cancellationToken
                )
                .ConfigureAwait(false);
            archive.Check(layer, digest);
            return digest;
        }
        catch (IOException failure)
        {
            // What goes wrong with the output says so itself.
            throw archive.NotReadable(failure);
        }
    }

    private async Task<Digest> WriteAsync(
        long sizeBytes,
        Func<IncrementalHash, Task> write,
        CancellationToken cancellationToken
    )
    {
        var start = output.Position;
        await output.WriteAsync(EntryOf(default, sizeBytes).Header(), cancellationToken).ConfigureAwait(false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await write(hash).ConfigureAwait(false);
        var digest = Digest.FromBytes(hash.GetHashAndReset());
        if (!_written.Add(digest))
        {
            // One layer of the base's, or one file under two names: it is there already.
            await output.RewindAsync(start, cancellationToken).ConfigureAwait(false);
            return digest;
        }
        var entry = EntryOf(digest, sizeBytes);
        await output.WriteAsync(new byte[entry.PaddingBytes], cancellationToken).ConfigureAwait(false);
        await output.PatchAsync(start, entry.Header(), cancellationToken).ConfigureAwait(false);
        return digest;
    }

    private static TarEntry EntryOf(Digest digest, long sizeBytes) =>
        new($"blobs/sha256/{digest}", TarEntryKind.File, sizeBytes);

    private async Task WriteItemAsync(
        LayerItem item,
        IncrementalHash hash,
        FileMeter meter,
        CancellationToken cancellationToken
    )
    {
        await PutAsync(item.Entry.Header(), hash, cancellationToken).ConfigureAwait(false);
        if (item.Source is { } source)
            await CopyFileAsync(source.Path, source.Digest, item.Entry.SizeBytes, hash, meter, cancellationToken)
                .ConfigureAwait(false);
        else
            await PutAsync(item.Bytes, hash, cancellationToken).ConfigureAwait(false);
        if (item.Entry.PaddingBytes > 0)
            await PutAsync(new byte[item.Entry.PaddingBytes], hash, cancellationToken).ConfigureAwait(false);
    }

    private async Task CopyFileAsync(
        string path,
        Digest digest,
        long sizeBytes,
        IncrementalHash layerHash,
        FileMeter meter,
        CancellationToken cancellationToken
    )
    {
        using var file = File.OpenHandle(path);
        using var fileHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await CopyAsync(file, offset: 0, sizeBytes, layerHash, fileHash, () => Damaged(path), meter, cancellationToken)
            .ConfigureAwait(false);
        // What is baked is served on for months by machines that cannot fetch it again.
        if (Digest.FromBytes(fileHash.GetHashAndReset()) != digest)
            throw Damaged(path);
    }

    // A block is hashed, for the layer and for the file, and written while the next one is read.
    private async Task CopyAsync(
        SafeFileHandle file,
        long offset,
        long sizeBytes,
        IncrementalHash layerHash,
        IncrementalHash? fileHash,
        Func<LarderException> tooShort,
        FileMeter meter,
        CancellationToken cancellationToken
    )
    {
        var end = offset + sizeBytes;
        var next = ReadAsync(file, 0, offset, end, cancellationToken);
        for (var turn = 0; offset < end; turn ^= 1)
        {
            var read = await next.ConfigureAwait(false);
            if (read == 0)
                throw tooShort();
            offset += read;
            next = ReadAsync(file, turn ^ 1, offset, end, cancellationToken);
            var block = _blocks[turn].AsMemory(0, read);
            var second =
                fileHash is null || read < BlockBytes
                    ? Task.CompletedTask
                    : Task.Run(() => fileHash.AppendData(block.Span), CancellationToken.None);
            var written = output.WriteAsync(block, cancellationToken).AsTask();
            layerHash.AppendData(block.Span);
            if (read < BlockBytes)
                fileHash?.AppendData(block.Span);
            // All, even if one fails: they use the blocks.
            await Task.WhenAll(second, written, next).ConfigureAwait(false);
            meter.Arrived(read);
        }
        await next.ConfigureAwait(false);
    }

    private async Task<int> ReadAsync(
        SafeFileHandle file,
        int block,
        long offset,
        long end,
        CancellationToken cancellationToken
    )
    {
        var wanted = _blocks[block].AsMemory(0, (int)Math.Min(BlockBytes, end - offset));
        return wanted.Length == 0
            ? 0
            : await RandomAccess.ReadAsync(file, wanted, offset, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask PutAsync(
        ReadOnlyMemory<byte> bytes,
        IncrementalHash hash,
        CancellationToken cancellationToken
    )
    {
        hash.AppendData(bytes.Span);
        await output.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    private static StoreException Damaged(string path) =>
        new(
            path,
            $"'{path}' has other bytes than its digest says, so no image was made of it. Run 'larder verify --repair': it fetches the file again."
        );
}
