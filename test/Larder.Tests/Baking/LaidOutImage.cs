using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.TestKit;

namespace Larder.Tests.Baking;

/// <summary>An image archive as an engine would lay it out, by .NET's own tar and as few rules as will do.</summary>
internal sealed class LaidOutImage : IDisposable
{
    private readonly TempDirectory _directory = new();

    private LaidOutImage() { }

    /// <summary>The file system.</summary>
    public string Root => _directory.Path;

    public JsonObject Config { get; private set; } = [];

    public JsonObject Index { get; private set; } = [];

    /// <summary>The digests of the layers, the lowest first.</summary>
    public IReadOnlyList<string> Layers { get; private set; } = [];

    /// <summary>The names in each layer.</summary>
    public List<IReadOnlyList<string>> Names { get; } = [];

    public string this[string path] => Path.Join(Root, path);

    /// <summary>Reads an archive, and fails where a digest or a length in it is wrong.</summary>
    public static LaidOutImage Of(string path)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using (var stream = File.OpenRead(path))
        using (var tar = new TarReader(stream))
        {
            while (tar.GetNextEntry() is { } entry)
                files.Add(entry.Name, BytesOf(entry));
        }
        var image = new LaidOutImage { Index = Parse(files["index.json"]) };
        var manifest = Parse(Blob(files, Assert.Single(image.Index["manifests"]!.AsArray())!));
        image.Config = Parse(Blob(files, manifest["config"]!));
        image.Layers = [.. manifest["layers"]!.AsArray().Select(layer => layer!["digest"]!.GetValue<string>())];
        var differences = image.Config["rootfs"]!["diff_ids"]!.AsArray();
        Assert.Equal(image.Layers.Count, differences.Count);
        for (var i = 0; i < image.Layers.Count; i++)
        {
            var descriptor = manifest["layers"]![i]!;
            var bytes = Blob(files, descriptor);
            if (descriptor["mediaType"]!.GetValue<string>().EndsWith("+gzip", StringComparison.Ordinal))
                bytes = Unpack(bytes);
            Assert.Equal($"sha256:{Digest.Of(bytes)}", differences[i]!.GetValue<string>());
            image.Apply(bytes);
        }
        return image;
    }

    /// <summary>Lays some layers out over nothing.</summary>
    public static LaidOutImage OfLayers(IEnumerable<byte[]> layers)
    {
        var image = new LaidOutImage();
        foreach (var layer in layers)
            image.Apply(layer);
        return image;
    }

    public void Dispose() => _directory.Dispose();

    // Removals first: they are of what was there before the layer.
    private void Apply(byte[] layer)
    {
        var entries = Entries(layer);
        Names.Add([.. entries.Select(entry => entry.Name)]);
        foreach (var (name, _, _) in entries)
        {
            var (directory, last) = (Path.GetDirectoryName(name)!, Path.GetFileName(name));
            if (last == ".wh..wh..opq")
            {
                if (Directory.Exists(this[directory]))
                {
                    foreach (var child in Directory.GetFileSystemEntries(this[directory]))
                        Remove(child);
                }
            }
            else if (last.StartsWith(".wh.", StringComparison.Ordinal))
                Remove(this[Path.Join(directory, last[4..])]);
        }
        foreach (var (name, entry, bytes) in entries)
        {
            if (!Path.GetFileName(name).StartsWith(".wh.", StringComparison.Ordinal))
                Put(this[name], entry, bytes);
        }
    }

    private void Put(string path, TarEntry entry, byte[] bytes)
    {
        if (entry.EntryType == TarEntryType.Directory && Directory.Exists(path))
            return;
        Remove(path);
        // What lies above it is a directory now, whatever it was.
        for (
            var above = Path.GetDirectoryName(path)!;
            above.Length > Root.Length;
            above = Path.GetDirectoryName(above)!
        )
        {
            if (File.Exists(above))
                File.Delete(above);
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                Directory.CreateDirectory(path);
                break;
            case TarEntryType.SymbolicLink:
                File.CreateSymbolicLink(path, entry.LinkName);
                break;
            case TarEntryType.HardLink:
                File.Copy(this[entry.LinkName], path);
                break;
            default:
                File.WriteAllBytes(path, bytes);
                File.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
                break;
        }
    }

    private static void Remove(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists || file.LinkTarget is not null)
            file.Delete();
        else if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    private static List<(string Name, TarEntry Entry, byte[] Bytes)> Entries(byte[] layer)
    {
        var entries = new List<(string, TarEntry, byte[])>();
        using var stream = new MemoryStream(layer);
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
            entries.Add((entry.Name.TrimEnd('/'), entry, BytesOf(entry)));
        return entries;
    }

    private static byte[] BytesOf(TarEntry entry)
    {
        using var bytes = new MemoryStream();
        entry.DataStream?.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Unpack(byte[] bytes)
    {
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress))
            gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    private static JsonObject Parse(byte[] bytes) => JsonNode.Parse(bytes)!.AsObject();

    private static byte[] Blob(Dictionary<string, byte[]> files, JsonNode descriptor)
    {
        var digest = descriptor["digest"]!.GetValue<string>();
        var bytes = files[$"blobs/{digest.Replace(':', '/')}"];
        Assert.Equal(digest, $"sha256:{Digest.Of(bytes)}");
        Assert.Equal(descriptor["size"]!.GetValue<long>(), bytes.Length);
        return bytes;
    }
}
