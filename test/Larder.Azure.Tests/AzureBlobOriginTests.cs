using System.Globalization;
using System.Xml.Linq;
using Larder.Content;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.Azure.Tests;

/// <summary>What the service may answer, as a test says it.</summary>
public sealed partial class AzureBlobOriginTests
{
    private const string Tag = "ETag: \"0x8DC000000000001\"";

    private static readonly byte[] Body = TestBytes.Of(1000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListAsync_HundredThousandBlobs_AreListedInPagesOf5000()
    {
        await using var server = ManyBlobs(AzureBlobOrigin.MaxBlobs);

        var files = (await ListAsync(server, "v1/")).Files;

        Assert.Equal(AzureBlobOrigin.MaxBlobs, files.Count);
        Assert.Equal(files.Count, files.Select(file => file.Path).Distinct().Count());
        Assert.Equal(20, server.Requests.Count);
        Assert.All(
            server.Requests,
            request => Assert.Contains("maxresults=5000&prefix=v1%2F", request, StringComparison.Ordinal)
        );
        // A marker is opaque, and comes back as it was.
        Assert.EndsWith("&marker=m%2Fa%20r%2Bk%3D95000", server.Requests[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_MoreThanTheLimit_IsRefusedWithIt()
    {
        await using var server = ManyBlobs(AzureBlobOrigin.MaxBlobs + 1);

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync(server, "v1/"));

        Assert.Equal(OriginFailure.Broken, refused.Failure);
        Assert.Contains("more than 100000 blobs are there", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_PagesWithoutEnd_AreBroken()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(200, ScriptedBlobs.Page([], "again"), ScriptedBlobs.Xml)
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync(server, ""));

        Assert.Equal((OriginFailure.Broken, 2), (refused.Failure, server.Requests.Count));
    }

    [Fact]
    public async Task ListAsync_Blob_TellsWhatIsKnownOfIt()
    {
        await using var server = ScriptedBlobs.Listing(
            ScriptedBlobs.Blob("v1/a.bin", 1000, new XElement("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")),
            ScriptedBlobs.Blob("v1/b/c.bin", 5, new XElement("Content-MD5", "")),
            ScriptedBlobs.Blob("v1/d.bin", 5, new XElement("Content-MD5", "no base64"))
        );

        var listing = await ListAsync(server, "v1/");

        Assert.Equal(
            [
                new OriginFile("a.bin", 1000, "\"0x8DC000000000001\"", HasRanges: true)
                {
                    Md5 = "d41d8cd98f00b204e9800998ecf8427e",
                },
                new OriginFile("b/c.bin", 5, "\"0x8DC000000000001\"", HasRanges: true),
                new OriginFile("d.bin", 5, "\"0x8DC000000000001\"", HasRanges: true),
            ],
            listing.Files
        );
        Assert.False(listing.IsFixed);
    }

    [Fact]
    public async Task ListAsync_DirectoriesOfTheAccount_AreNoFiles()
    {
        var marked = ScriptedBlobs.Blob("by-metadata", 0);
        marked.Add(new XElement("Metadata", new XElement("hdi_isfolder", "true")));
        var file = ScriptedBlobs.Blob("file", 0);
        file.Add(new XElement("Metadata", new XElement("owner", "me")));
        await using var server = ScriptedBlobs.Listing(
            marked,
            ScriptedBlobs.Blob("by-type", 0, new XElement("ResourceType", "directory")),
            ScriptedBlobs.Blob("by-name/", 0),
            ScriptedBlobs.Blob("by-name/a", 0, new XElement("ResourceType", "file")),
            file
        );

        Assert.Equal(["by-name/a", "file"], (await ListAsync(server, "")).Files.Select(listed => listed.Path));
    }

    [Theory]
    [InlineData("../a.bin")]
    [InlineData("a/../../b.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b.bin")]
    [InlineData("a\\b.bin")]
    [InlineData("nul.bin")]
    [InlineData("line\nbreak")]
    public async Task Pull_NameThatLeadsAstray_FetchesNothing(string name)
    {
        await using var server = ScriptedBlobs.Listing(ScriptedBlobs.Blob("v1/good"), ScriptedBlobs.Blob("v1/" + name));
        using var origin = ScriptedBlobs.Open(server);
        using var directory = new TempDirectory();
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = directory["store"] }, [origin]);

        var refused = await Assert.ThrowsAsync<OriginException>(() =>
            cache.PullAsync(ScriptedBlobs.Reference("v1/"), cancellationToken: Cancellation)
        );

        Assert.Equal(OriginFailure.Broken, refused.Failure);
        Assert.Contains(
            "lists files that cannot be stored, so nothing was fetched",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task ListAsync_NameOfAnotherPrefix_IsBroken()
    {
        await using var server = ScriptedBlobs.Listing(ScriptedBlobs.Blob("v2/a.bin"));

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync(server, "v1/"));

        Assert.Contains("listed 'v2/a.bin', which does not lie there", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_NameThatXmlCannotHold_IsDecoded()
    {
        var blob = ScriptedBlobs.Blob("odd%EF%BF%BE100%25");
        blob.Element("Name")!.Add(new XAttribute("Encoded", "true"));
        await using var server = ScriptedBlobs.Listing(blob, ScriptedBlobs.Blob("plain%20"));

        Assert.Equal(["odd\uFFFE100%", "plain%20"], (await ListAsync(server, "")).Files.Select(file => file.Path));
    }

    [Theory]
    [InlineData("", "cannot be read")]
    [InlineData("<html><body>Sign in", "cannot be read")]
    [InlineData("<Error><Code>Odd</Code></Error>", "it is no list of blobs")]
    [InlineData(
        "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><EnumerationResults><Blobs/></EnumerationResults>",
        "DTD is prohibited"
    )]
    [InlineData(
        "<EnumerationResults><Blobs><Blob><Name>a</Name></Blob></Blobs></EnumerationResults>",
        "a blob without properties"
    )]
    [InlineData(
        "<EnumerationResults><Blobs><Blob><Name>a</Name><Properties><Etag>1</Etag><Content-Length>-1</Content-Length></Properties></Blob></Blobs></EnumerationResults>",
        "a blob without a length"
    )]
    public async Task ListAsync_ThatIsNone_IsBroken(string xml, string reason)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(200, System.Text.Encoding.UTF8.GetBytes(xml), ScriptedBlobs.Xml)
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync(server, ""));

        Assert.Equal(OriginFailure.Broken, refused.Failure);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_OneBlob_IsNamedByItsLastSegment()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(200, Body, Tag, "Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==")
        );

        var listing = await ListAsync(server, "v%231/my%20model.onnx");

        Assert.Equal(
            new OriginFile("my model.onnx", 1000, "\"0x8DC000000000001\"", HasRanges: true)
            {
                Md5 = "d41d8cd98f00b204e9800998ecf8427e",
            },
            Assert.Single(listing.Files)
        );
        Assert.Equal("HEAD /models/team/v%231/my%20model.onnx", Assert.Single(server.Requests));
    }

    [Fact]
    public async Task ListAsync_OneVersionOfABlob_IsFixedAndAskedForEachTime()
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(200, Body, Tag));
        using var origin = ScriptedBlobs.Open(server);
        var reference = ScriptedBlobs.Reference("a.bin?versionid=2026-01-01T00:00:00.1234567Z");

        var listing = await origin.ListAsync(reference, Cancellation);
        await using var body = await origin.OpenAsync(reference, listing.Files[0], null, Cancellation);

        Assert.True(listing.IsFixed);
        Assert.Equal(
            [
                "HEAD /models/team/a.bin?versionid=2026-01-01T00:00:00.1234567Z",
                "GET /models/team/a.bin?versionid=2026-01-01T00:00:00.1234567Z",
            ],
            server.Requests
        );
    }

    [Fact]
    public async Task ListAsync_OneThatIsADirectory_SaysToPutASlash()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(200, Tag, "x-ms-meta-hdi_isfolder: true")
        );

        var refused = await Assert.ThrowsAsync<ReferenceException>(() => ListAsync(server, "v1"));

        Assert.Contains("is a directory. Put a slash at its end", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_Part_IsPinnedSignedAndExact()
    {
        HttpExchange? seen = null;
        await using var server = new ScriptedHttpServer(exchange =>
        {
            seen = exchange;
            return exchange.AnswerAsync(206, Body.AsMemory(10, 20), Tag, "Content-Range: bytes 10-29/1000");
        });

        Assert.Equal(Body[10..30], await ReadAsync(server, new ByteRange(10, 20)));
        Assert.Equal(
            ("bytes=10-29", "\"0x8DC000000000001\"", "2021-12-02"),
            (seen!.Headers["x-ms-range"], seen.Headers["If-Match"], seen.Headers["x-ms-version"])
        );
        Assert.StartsWith("SharedKey models:", seen.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal("GET /models/team/v1/s%23b/%C3%BC%25.bin", Assert.Single(server.Requests));
    }

    [Fact]
    public async Task OpenAsync_BodyThatBreaksOff_IsAnErrorOfReading()
    {
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, 1000, Tag);
            await exchange.SendBodyAsync(Body.AsMemory(0, 10));
        });

        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(server));
    }

    [Theory]
    [InlineData("Content-Range: bytes 10-29/1001")]
    [InlineData("Content-Range: bytes 11-30/1000")]
    [InlineData("Content-Range: bytes 10-28/1000")]
    [InlineData("Content-Range: none")]
    [InlineData("X-Nothing: here")]
    public async Task OpenAsync_OtherPartThanAskedFor_IsBroken(string header)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(206, Body.AsMemory(10, 20), Tag, header)
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() => ReadAsync(server, new ByteRange(10, 20)));

        Assert.Equal(OriginFailure.Broken, refused.Failure);
        Assert.Contains("bytes 10-29/1000 were asked for", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(412, "X-Nothing: here")]
    [InlineData(404, "x-ms-error-code: BlobNotFound")]
    [InlineData(404, "x-ms-error-code: ContainerNotFound")]
    [InlineData(416, "x-ms-error-code: InvalidRange")]
    [InlineData(200, "ETag: \"0x8DC000000000002\"")]
    public async Task OpenAsync_NoLongerAsListed_IsChangedAndNamesTheFile(int status, string header)
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(status, Body, header));

        var changed = await Assert.ThrowsAsync<OriginException>(() => ReadAsync(server));

        Assert.Equal(OriginFailure.Changed, changed.Failure);
        Assert.Contains("'s#b/ü%.bin' of 'az://models/team/v1/' changed", changed.Message, StringComparison.Ordinal);
    }

    private static ScriptedHttpServer ManyBlobs(int count) =>
        new(exchange =>
        {
            const string mark = "m/a r+k=";
            var marker = exchange.Target.Split("&marker=");
            var start =
                marker.Length == 1
                    ? 0
                    : int.Parse(Uri.UnescapeDataString(marker[1])[mark.Length..], CultureInfo.InvariantCulture);
            var end = Math.Min(start + 5000, count);
            var page = ScriptedBlobs.Page(
                Enumerable.Range(start, end - start).Select(i => ScriptedBlobs.Blob($"v1/{i}.bin")),
                end < count ? mark + end : null
            );
            return exchange.AnswerAsync(200, page, ScriptedBlobs.Xml);
        });

    private static async Task<OriginListing> ListAsync(ScriptedHttpServer server, string path)
    {
        using var origin = ScriptedBlobs.Open(server);
        return await origin.ListAsync(ScriptedBlobs.Reference(path), Cancellation);
    }

    private static async Task<byte[]> ReadAsync(ScriptedHttpServer server, ByteRange? range = null)
    {
        using var origin = ScriptedBlobs.Open(server);
        await using var body = await origin.OpenAsync(
            ScriptedBlobs.Reference("v1/"),
            new OriginFile("s#b/ü%.bin", 1000, "\"0x8DC000000000001\"", HasRanges: true),
            range,
            Cancellation
        );
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }
}
