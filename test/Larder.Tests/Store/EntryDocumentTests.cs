using System.Text;
using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Store;

namespace Larder.Tests.Store;

public sealed class EntryDocumentTests
{
    private static readonly StoreEntry Entry = new()
    {
        Request = CanonicalJson.Canonicalize("""{"kind":"model","version":1,"reference":"fake://origin/"}"""u8),
        Manifest = Digest.Of("manifest"u8),
        Created = new DateTimeOffset(2025, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        Checked = new DateTimeOffset(2025, 2, 2, 3, 4, 5, 678, TimeSpan.Zero),
        Duration = TimeSpan.FromSeconds(1.5),
        Previous = [Digest.Of("before"u8), Digest.Of("long before"u8)],
        SizeBytes = 12,
        Files = 1,
        Source = new EntrySource(
            "fake://origin/",
            EntrySource.TrustFirstUse,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["a \"quoted\" name"] = "v1" }
        ),
    };

    [Fact]
    public void TryRead_OfWhatWasWritten_GivesTheSameEntry()
    {
        var read = EntryReader.TryRead(EntryDocument.Write(Entry))!;

        Assert.Equal(Entry.Request.ToArray(), read.Request.ToArray());
        Assert.Equal(Entry.Source.Versions, read.Source.Versions);
        Assert.Equal(Entry.Previous, read.Previous);
        Assert.Equal(Entry, read with { Request = Entry.Request, Source = Entry.Source, Previous = Entry.Previous });
    }

    [Fact]
    public void TryRead_FieldsOfALaterVersion_AreIgnored()
    {
        var document = Parse();
        document["signature"] = "…";

        Assert.NotNull(Read(document));
    }

    [Theory]
    [InlineData("request")]
    [InlineData("manifest")]
    [InlineData("created")]
    [InlineData("checked")]
    [InlineData("seconds")]
    [InlineData("bytes")]
    [InlineData("files")]
    [InlineData("source")]
    public void TryRead_FieldMissingOrOfAnotherKind_GivesNull(string field)
    {
        var document = Parse();
        foreach (JsonNode? value in (JsonNode?[])["text", null, 1e300, new JsonArray()])
        {
            document[field] = value?.DeepClone();
            Assert.True(Read(document) is null || field == "request", $"{field}: {value}");
        }
        document.Remove(field);
        Assert.Null(Read(document));
    }

    [Theory]
    [InlineData("reference")]
    [InlineData("trust")]
    public void TryRead_NullWhereATextBelongs_GivesNull(string field)
    {
        var document = Parse();
        document["source"]![field] = null;

        Assert.Null(Read(document));
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("1e999")]
    [InlineData("\"\\ud800\"")]
    public void TryRead_RequestWithoutACanonicalForm_GivesNull(string request)
    {
        var text = Encoding.UTF8.GetString(EntryDocument.Write(Entry));
        var broken = text.Replace(Encoding.UTF8.GetString(Entry.Request.Span), request, StringComparison.Ordinal);

        Assert.Null(EntryReader.TryRead(Encoding.UTF8.GetBytes(broken)));
    }

    [Fact]
    public void TryRead_ExpectedRequest_ChangesNothing()
    {
        var spaced = Encoding.UTF8.GetBytes(Parse().ToJsonString(new() { WriteIndented = true }));

        foreach (var document in (byte[][])[EntryDocument.Write(Entry), spaced])
        {
            var read = EntryReader.TryRead(document, Entry.Request);

            Assert.Equal(Entry.Request.ToArray(), read!.Request.ToArray());
        }
    }

    [Fact]
    public void TryRead_AnyTruncation_GivesNull()
    {
        var bytes = EntryDocument.Write(Entry);

        Assert.All(
            Enumerable.Range(0, bytes.Length),
            length => Assert.Null(EntryReader.TryRead(bytes.AsMemory(0, length)))
        );
    }

    [Fact]
    public void TryRead_AnyBitFlipped_GivesNullOrTheSameEntry()
    {
        var bytes = EntryDocument.Write(Entry);
        var expected = EntryDocument.Write(EntryReader.TryRead(bytes)!);

        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            if (EntryReader.TryRead(flipped) is { } read)
                Assert.Equal(expected, EntryDocument.Write(read));
        }
    }

    [Fact]
    public void TryRead_WithoutItsChecksum_IsReadAsItIs() => Assert.NotNull(Read(Parse()));

    // Without its checksum: what a test changes would not have it.
    private static JsonObject Parse()
    {
        var document = JsonNode.Parse(EntryDocument.Write(Entry))!.AsObject();
        Assert.True(document.Remove("crc32c"));
        return document;
    }

    private static StoreEntry? Read(JsonNode document) =>
        EntryReader.TryRead(Encoding.UTF8.GetBytes(document.ToJsonString()));
}
