using System.IO.Compression;
using System.Xml.Linq;

namespace Larder.IntegrationTests.Packages;

/// <summary>A NuGet package or a package of symbols, as it lies in a directory.</summary>
internal sealed class Package : IDisposable
{
    private readonly ZipArchive _archive;

    private Package(string path, string id)
    {
        _archive = ZipFile.OpenRead(path);
        Id = id;
        using var text = _archive.GetEntry($"{id}.nuspec")!.Open();
        Metadata = XDocument.Load(text).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
    }

    public string Id { get; }

    /// <summary>What the package says of itself.</summary>
    public XElement Metadata { get; }

    /// <summary>Its files, without what belongs to the format.</summary>
    public IReadOnlyList<string> Files =>
        [
            .. _archive
                .Entries.Select(entry => entry.FullName)
                .Where(name =>
                    name != "[Content_Types].xml"
                    && !name.StartsWith("_rels/", StringComparison.Ordinal)
                    && !name.StartsWith("package/", StringComparison.Ordinal)
                    && !name.EndsWith(".nuspec", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>The other packages that it asks for, with the versions that will do.</summary>
    public IReadOnlyDictionary<string, string> Dependencies =>
        Metadata
            .Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(
                element => element.Attribute("id")!.Value,
                element => element.Attribute("version")!.Value,
                StringComparer.Ordinal
            );

    /// <summary>Opens the only package of that id in a directory.</summary>
    public static Package Open(string directory, string id, string extension = "nupkg") =>
        new(Directory.EnumerateFiles(directory, $"{id}.*.{extension}").Single(path => HasId(path, id)), id);

    public string? Value(string name) =>
        Metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

    public byte[] Read(string name)
    {
        using var content = _archive.GetEntry(name)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    public void Dispose() => _archive.Dispose();

    // What follows the id is a version, and no longer id.
    private static bool HasId(string path, string id) => char.IsAsciiDigit(Path.GetFileName(path)[id.Length + 1]);
}
