using System.IO.Compression;
using System.Security.Cryptography;
using Larder.Content;

namespace Larder.Baking.Images;

/// <summary>Reads the layers of an image into a tree, and holds each to its digests.</summary>
/// <param name="archive">Where they lie.</param>
/// <param name="sizes">The lengths of files whose digests are wanted: what has another need not be hashed.</param>
/// <param name="keepsBytes">Whether the bytes of a file of that name are wanted.</param>
internal sealed class LayerReader(ImageArchive archive, IReadOnlySet<long> sizes, Func<string, bool> keepsBytes)
{
    private const int MostKeptBytes = 64 << 20;

    private readonly byte[] _buffer = new byte[256 * 1024];

    /// <summary>Reads a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="number">Its number, counted from 0.</param>
    /// <param name="tree">What is below it.</param>
    /// <param name="progress">Told how many bytes of the layer, as it lies in the archive, were read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ImageException">It cannot be read, or is not what it should be.</exception>
    public void Read(
        ArchivedLayer layer,
        int number,
        ImageTree tree,
        Action<long> progress,
        CancellationToken cancellationToken
    )
    {
        if (layer.Packing == LayerPacking.Zstandard)
            throw archive.Fault(
                $"cannot be looked into: {layer.Name} is packed with zstd, which Larder does not read. Repack it: skopeo copy --dest-compress-format gzip --dest-force-compress-format, or with an engine"
            );
        using var span = new FileSpan(archive.File, layer.Offset, layer.SizeBytes);
        using var packed = layer.Packing == LayerPacking.Gzip ? new HashedStream(span) : null;
        using var plain = packed is null ? null : new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true);
        using var unpacked = new HashedStream((Stream?)plain ?? span);
        Digest difference;
        try
        {
            Apply(layer, unpacked, number, tree, () => progress(span.Position - layer.Offset), cancellationToken);
            difference = unpacked.Finish();
        }
        catch (InvalidDataException damaged)
        {
            throw ImageException.Unreadable(
                archive.ArchivePath,
                $"is damaged: {layer.Name} cannot be unpacked: {damaged.Message}",
                damaged
            );
        }
        catch (IOException failure)
        {
            throw archive.NotReadable(failure);
        }
        archive.Check(layer, packed?.Finish() ?? difference);
        if (difference != layer.DiffId)
            throw archive.Fault(
                $"is damaged: {layer.Name} unpacks to bytes with the digest {difference}, and the configuration says {layer.DiffId}"
            );
    }

    private void Apply(
        ArchivedLayer layer,
        Stream stream,
        int number,
        ImageTree tree,
        Action progress,
        CancellationToken cancellationToken
    )
    {
        var tar = new TarScan(stream, fault => archive.Fault($"is damaged: {layer.Name} {fault}"));
        while (tar.Next())
        {
            cancellationToken.ThrowIfCancellationRequested();
            tree.Apply(number, tar.Name, NodeOf(tar, number, progress, cancellationToken), tar.LinkTarget);
            progress();
        }
    }

    private ImageNode? NodeOf(TarScan tar, int number, Action progress, CancellationToken cancellationToken) =>
        tar.Type switch
        {
            '1' => null,
            '2' => new ImageNode(ImageNodeKind.Link) { Layer = number, LinkTarget = tar.LinkTarget },
            '5' => new ImageNode(ImageNodeKind.Directory) { Layer = number },
            '0' when !tar.IsSparse => FileOf(tar, number, progress, cancellationToken),
            _ => new ImageNode(ImageNodeKind.Other) { Layer = number, SizeBytes = tar.SizeBytes },
        };

    private ImageNode FileOf(TarScan tar, int number, Action progress, CancellationToken cancellationToken)
    {
        var bytes = tar.SizeBytes <= MostKeptBytes && keepsBytes(tar.Name) ? new MemoryStream() : null;
        return new ImageNode(ImageNodeKind.File)
        {
            Layer = number,
            SizeBytes = tar.SizeBytes,
            IsSealed = tar.IsSealed,
            Digest =
                bytes is not null || sizes.Contains(tar.SizeBytes)
                    ? HashOf(tar, bytes, progress, cancellationToken)
                    : null,
            Bytes = bytes?.ToArray(),
        };
    }

    private Digest HashOf(TarScan tar, MemoryStream? bytes, Action progress, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int read;
        while ((read = tar.Read(_buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(_buffer, 0, read);
            bytes?.Write(_buffer, 0, read);
            progress();
        }
        return Digest.FromBytes(hash.GetHashAndReset());
    }
}
