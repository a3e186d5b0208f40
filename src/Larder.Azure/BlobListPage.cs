using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Larder.Azure;

/// <summary>A page of what List Blobs answers.</summary>
/// <param name="Blobs">The blobs.</param>
/// <param name="NextMarker">Where the next page begins; null on the last one.</param>
internal sealed record BlobListPage(IReadOnlyList<ListedBlob> Blobs, string? NextMarker)
{
    /// <summary>Of one page: 5,000 blobs with names as long as they may be.</summary>
    private const long MaxCharacters = 64 << 20;

    /// <summary>Reads a page.</summary>
    /// <exception cref="XmlException">It is none.</exception>
    public static async Task<BlobListPage> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reader = XmlReader.Create(
            body,
            new XmlReaderSettings
            {
                Async = true,
                DtdProcessing = DtdProcessing.Prohibit,
                MaxCharactersInDocument = MaxCharacters,
                // Names may hold what XML does not know as a character.
                CheckCharacters = false,
            }
        );
        var page = await XDocument
            .LoadAsync(reader, LoadOptions.PreserveWhitespace, cancellationToken)
            .ConfigureAwait(false);
        if (page.Root is not { Name.LocalName: "EnumerationResults" } root || root.Element("Blobs") is not { } blobs)
            throw new XmlException("it is no list of blobs");
        return new BlobListPage(
            [.. blobs.Elements("Blob").Select(Read)],
            root.Element("NextMarker")?.Value is { Length: > 0 } marker ? marker : null
        );
    }

    private static ListedBlob Read(XElement blob)
    {
        var name = Required(blob, "Name");
        var properties = blob.Element("Properties") ?? throw new XmlException($"a blob without properties is listed");
        return new ListedBlob(
            name.Attribute("Encoded")?.Value == "true" ? Uri.UnescapeDataString(name.Value) : name.Value,
            long.TryParse(
                Required(properties, "Content-Length").Value,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var sizeBytes
            )
                ? sizeBytes
                : throw new XmlException("a blob without a length is listed"),
            ListedBlob.Quoted(Required(properties, "Etag").Value),
            ListedBlob.Md5Of(properties.Element("Content-MD5")?.Value),
            IsDirectory(name.Value, sizeBytes, properties, blob.Element("Metadata"))
        )
        {
            Modified = DateTimeOffset.TryParseExact(
                properties.Element("Last-Modified")?.Value,
                "R",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var modified
            )
                ? modified
                : null,
        };
    }

    // Accounts with directories of their own list each as an empty blob; tools make empty blobs with a slash at the end.
    private static bool IsDirectory(string name, long sizeBytes, XElement properties, XElement? metadata) =>
        sizeBytes == 0
        && (
            name.EndsWith('/')
            || properties.Element("ResourceType")?.Value == "directory"
            || properties.Element("BlobType")?.Value == "dir"
            || string.Equals(metadata?.Element("hdi_isfolder")?.Value, "true", StringComparison.OrdinalIgnoreCase)
        );

    private static XElement Required(XElement parent, string name) =>
        parent.Element(name) ?? throw new XmlException($"a blob without {name} is listed");
}
