using System.Globalization;
using System.Text.Json;
using Larder.Content;
using Larder.Store;
using Microsoft.Win32.SafeHandles;

namespace Larder.Baking.Images;

/// <summary>An image archive: a tar of an OCI image layout, or of what <c>docker save</c> writes.</summary>
/// <remarks>Nothing of it is unpacked; documents and layers are read where they lie.</remarks>
internal sealed class ImageArchive : IDisposable
{
    private const int MaxEntries = 1_000_000;
    private const int MaxDocumentBytes = 16 << 20;
    private const int MaxLinks = 8;

    private readonly Dictionary<string, (long Offset, long SizeBytes)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    private bool _hasEndMark;

    private ImageArchive(string path, SafeFileHandle file) => (ArchivePath, File) = (path, file);

    public string ArchivePath { get; }

    public SafeFileHandle File { get; }

    /// <summary>Opens an archive and finds out what is in it.</summary>
    /// <exception cref="ImageException">It cannot be read, or is no such archive.</exception>
    public static ImageArchive Open(string path)
    {
        path = Path.GetFullPath(path);
        SafeFileHandle? file = null;
        try
        {
            if (!Posix.TryStatus(path, out var status))
                throw ImageException.Unreadable(path, "is not there");
            if (!status.IsFile)
                throw ImageException.Unreadable(
                    path,
                    "is no file. An image layout that is a directory can be packed: tar -cf image.tar -C DIR ."
                );
            file = System.IO.File.OpenHandle(path);
            var archive = new ImageArchive(path, file);
            archive.ThrowIfPacked();
            archive.List();
            return archive;
        }
        catch (Exception failure)
        {
            file?.Dispose();
            if (StoreFailure.Covers(failure))
                throw NotReadable(path, failure);
            throw;
        }
    }

    /// <summary>The one image of a platform.</summary>
    /// <param name="platform">
    /// The platform; null for the only one that there is, or <see cref="Platform.Default"/> where there are several.
    /// </param>
    /// <exception cref="ImageException">There is none, or several, or it is not whole.</exception>
    public ArchivedImage Find(Platform? platform)
    {
        try
        {
            return new ImageFinder(this).Find(platform);
        }
        catch (Exception senseless)
            when (senseless is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw ImageException.Unreadable(
                ArchivePath,
                $"has a document that makes no sense: {senseless.Message}",
                senseless
            );
        }
        catch (IOException failure)
        {
            throw NotReadable(failure);
        }
    }

    /// <summary>What is to be said of an archive that lacks something.</summary>
    public string NotWhole => _hasEndMark ? "not whole" : "cut off, having no end mark";

    public bool Has(string name) => TryFind(name, out _);

    /// <summary>Where a file lies, links followed; false when there is none.</summary>
    public bool TryFind(string name, out (long Offset, long SizeBytes) place)
    {
        for (var turn = 0; turn < MaxLinks; turn++)
        {
            if (_files.TryGetValue(name, out place))
                return true;
            if (!_links.TryGetValue(name, out var target))
                return false;
            name = target;
        }
        place = default;
        return false;
    }

    /// <summary>Reads a document of the archive.</summary>
    public byte[] Read(string name)
    {
        if (!TryFind(name, out var place))
            throw Fault($"has no {Printable.Quote(name)}, which it names");
        return ReadAt(name, place);
    }

    /// <summary>Reads a document by its digest.</summary>
    public byte[] Read(Digest digest)
    {
        var bytes = ReadAt(digest.ToString(), FindBlob(digest));
        return Digest.Of(bytes) == digest
            ? bytes
            : throw Fault($"is damaged: the blob sha256:{digest} has other bytes, whose digest is {Digest.Of(bytes)}");
    }

    public (long Offset, long SizeBytes) FindBlob(Digest digest) =>
        TryFind($"blobs/sha256/{digest}", out var place)
            ? place
            : throw Fault($"lacks the blob sha256:{digest}, which it names: it is {NotWhole}");

    /// <summary>Compares what a layer has with what is said of it.</summary>
    public void Check(ArchivedLayer layer, Digest actual)
    {
        var expected = layer.Digest ?? (layer.Packing == LayerPacking.Plain ? layer.DiffId : actual);
        if (expected != actual)
            throw Fault(
                $"is damaged: {layer.Name} has other bytes than it should, with the digest {actual} in place of {expected}"
            );
    }

    /// <summary>A failure of this archive.</summary>
    /// <param name="fault">What is wrong, to be read after its name.</param>
    public ImageException Fault(string fault) => ImageException.Unreadable(ArchivePath, fault);

    /// <summary>The failure of an archive that the system does not let be read.</summary>
    public ImageException NotReadable(Exception failure) => NotReadable(ArchivePath, failure);

    public void Dispose() => File.Dispose();

    private static ImageException NotReadable(string path, Exception failure) =>
        ImageException.Unreadable(path, $"cannot be read: {failure.Message}", failure);

    private byte[] ReadAt(string name, (long Offset, long SizeBytes) place)
    {
        if (place.SizeBytes > MaxDocumentBytes)
            throw Fault(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has a document {Printable.Quote(name)} of {place.SizeBytes} bytes; {MaxDocumentBytes} are the most"
                )
            );
        var bytes = new byte[place.SizeBytes];
        using var stream = new FileSpan(File, place.Offset, place.SizeBytes);
        stream.ReadExactly(bytes);
        return bytes;
    }

    private void ThrowIfPacked()
    {
        Span<byte> magic = stackalloc byte[6];
        var read = RandomAccess.Read(File, magic, 0);
        if (read == 0)
            throw Fault("is empty");
        var program = magic switch
        {
            [0x1f, 0x8b, ..] => "gunzip",
            [0x28, 0xb5, 0x2f, 0xfd, ..] => "unzstd",
            [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] => "unxz",
            [0x42, 0x5a, 0x68, ..] => "bunzip2",
            _ => null,
        };
        if (program is not null)
            throw Fault($"is compressed as a whole, and its layers are read where they lie: run {program} on it first");
    }

    private void List()
    {
        var length = RandomAccess.GetLength(File);
        using var stream = new FileSpan(File, 0, length);
        var tar = new TarScan(stream, Fault);
        for (var entries = 0; tar.Next(); entries++)
        {
            if (entries == MaxEntries)
                throw Fault(string.Create(CultureInfo.InvariantCulture, $"has more than {MaxEntries} entries"));
            var name = Normalise(tar.Name);
            if (tar.Type == '0')
            {
                if (length - stream.Position < tar.SizeBytes)
                    throw Fault($"is cut off in {Printable.Quote(tar.Name)}");
                _files[name] = (stream.Position, tar.SizeBytes);
            }
            else if (tar.Type == '2')
                // docker save once wrote a layer that two images share as a link.
                _links[name] = Normalise(ImagePath.Join(ImagePath.DirectoryOf(name), tar.LinkTarget), allowsUp: true);
            else if (tar.Type == '1')
                _links[name] = Normalise(tar.LinkTarget);
        }
        _hasEndMark = tar.HasEndMark;
    }

    private string Normalise(string name, bool allowsUp = false)
    {
        if (name.StartsWith('/'))
            throw Unsafe(name);
        var segments = new List<string>();
        foreach (var segment in name.Split('/'))
        {
            if (segment is "" or ".")
                continue;
            if (segment != "..")
                segments.Add(segment);
            else if (!allowsUp || segments.Count == 0)
                throw Unsafe(name);
            else
                segments.RemoveAt(segments.Count - 1);
        }
        return string.Join('/', segments);
    }

    private ImageException Unsafe(string name) =>
        Fault(
            $"has an entry {Printable.Quote(name)}, which leads out of it: no program that packs images writes such a name"
        );
}
