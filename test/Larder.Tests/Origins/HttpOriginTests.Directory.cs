using System.Text;
using Larder.Origins;
using Larder.Origins.Http;
using Larder.TestKit;

namespace Larder.Tests.Origins;

// Directories: what servers and pages do that real ones in order do not.
public sealed partial class HttpOriginTests
{
    private const string Json = "Content-Type: application/json";
    private const string Html = "Content-Type: text/html; charset=utf-8";

    [Fact]
    public async Task ListAsync_Directory_AsksForEachPageAndEachFileWithTheQuery()
    {
        await using var server = Indexed(
            new()
            {
                ["/m/"] = """[{"name":"a b.bin","type":"file"},{"name":"s#b","type":"directory"}]""",
                ["/m/s%23b/"] = """[{"name":"ü%.bin","type":"file"}]""",
            }
        );

        var listing = await ListAllAsync(server.Url("/m/?token=1"));

        Assert.Equal(
            [("a b.bin", 1000L), ("s#b/ü%.bin", 1000L)],
            listing.Files.Select(file => (file.Path, file.SizeBytes!.Value))
        );
        Assert.Equal(
            [
                "GET /m/?token=1",
                "GET /m/s%23b/?token=1",
                "HEAD /m/a%20b.bin?token=1",
                "HEAD /m/s%23b/%C3%BC%25.bin?token=1",
            ],
            server.Requests.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task OpenAsync_FileOfADirectory_AsksForExactlyThatFile()
    {
        await using var server = ScriptedHttpServer.Serving(Body);
        var file = new OriginFile("s#b/ü%.bin", 1000, "etag=\"v1\"");

        await using var body = await _origin.OpenAsync(
            ModelReference.Parse(server.Url("/m%20m/?token=1", "u:p@")),
            file,
            null,
            TestContext.Current.CancellationToken
        );

        Assert.Equal("GET /m%20m/s%23b/%C3%BC%25.bin?token=1", Assert.Single(server.Requests));
    }

    [Fact]
    public async Task ListAsync_ManyFiles_LooksAtSixteenAtATime()
    {
        var inside = 0;
        var most = 0;
        using var sixteen = new CountdownEvent(16);
        var together = new TaskCompletionSource();
        var names = Enumerable.Range(0, 40).Select(i => $$"""{"name":"{{i}}.bin","type":"file"}""");
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            if (!exchange.IsHead)
            {
                await exchange.AnswerAsync(200, Encoding.UTF8.GetBytes($"[{string.Join(',', names)}]"), Json);
                return;
            }
            InterlockedMax(ref most, Interlocked.Increment(ref inside));
            if (!sixteen.IsSet && sixteen.Signal())
                together.SetResult();
            await together.Task.WaitAsync(exchange.Stopping);
            Interlocked.Decrement(ref inside);
            await exchange.AnswerAsync(200, Body, "ETag: \"v1\"");
        });

        var listing = await ListAllAsync(server.Url("/m/"));

        Assert.Equal(40, listing.Files.Count);
        Assert.Equal(16, most);
    }

    [Theory]
    [InlineData("ETag: \"v1\"", "etag=\"v1\"", false, true)]
    [InlineData("ETag: W/\"v1\"", "etag=W/\"v1\"", false, false)]
    [InlineData(
        "Last-Modified: Wed, 01 Jan 2025 00:00:00 GMT",
        "modified=Wed, 01 Jan 2025 00:00:00 GMT size=1000",
        true,
        false
    )]
    public async Task ListAsync_Mark_SaysWhatTheVersionRestsOn(
        string header,
        string version,
        bool hasOnlySizeAndTime,
        bool hasRanges
    )
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(200, Body, header, "Accept-Ranges: bytes")
        );

        var file = await ListAsync(server.Url("/a.bin"));

        Assert.Equal((version, hasOnlySizeAndTime, hasRanges), (file.Version, file.HasOnlySizeAndTime, file.HasRanges));
        Assert.Equal(Body, await ReadAsync(server.Url("/a.bin"), file.Version));
    }

    [Fact]
    public async Task ListAsync_NoMark_IsAnotherVersionEachTime()
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(200, Body));

        var one = await ListAsync(server.Url("/a.bin"));
        var other = await ListAsync(server.Url("/a.bin"));

        Assert.StartsWith("unknown ", one.Version, StringComparison.Ordinal);
        Assert.NotEqual(one.Version, other.Version);
        Assert.False(one.HasOnlySizeAndTime);
    }

    [Fact]
    public async Task ListAsync_EmptyFileWithoutLengthInHead_IsAskedForWithGet()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.IsHead ? exchange.SendHeadAsync(200, null, "ETag: \"v1\"") : exchange.AnswerAsync(200)
        );

        Assert.Equal(0, (await ListAsync(server.Url("/empty"))).SizeBytes);
    }

    [Fact]
    public async Task ListAsync_PageOfAnotherHost_IsRefused()
    {
        await using var other = Indexed(new() { ["/m/"] = """[{"name":"a","type":"file"}]""" });
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(302, $"Location: {other.Url("/m/?sig=CANARY")}")
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAllAsync(server.Url("/m/")));

        Assert.Equal(OriginFailure.Broken, refused.Failure);
        Assert.Contains($"it is led to '{other.Url("")}'", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_PageMovedWithinTheHost_KeepsTheAddressOfTheReference()
    {
        const string page =
            "<html><title>Index of /v2/</title><a href=\"/v2/a.bin\">a</a><a href=\"/m/b.bin\">b</a></html>";
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.Target switch
            {
                "/m/" => exchange.AnswerAsync(302, "Location: /v2/"),
                "/v2/" => exchange.AnswerAsync(200, Encoding.UTF8.GetBytes(page), Html),
                _ => exchange.AnswerAsync(200, Body, "ETag: \"v1\""),
            }
        );

        var listing = await ListAllAsync(server.Url("/m/"));

        Assert.Equal("a.bin", Assert.Single(listing.Files).Path);
        Assert.Equal("HEAD /m/a.bin", server.Requests[^1]);
    }

    [Fact]
    public async Task ListAsync_PageOfAnApplication_SaysWhatIsWrongAndWhatToDo()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(200, "<html><title>Models</title></html>"u8.ToArray(), Html)
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAllAsync(server.Url("/m/?t=CANARY")));

        Assert.Equal(OriginFailure.Broken, refused.Failure);
        Assert.Contains(
            "a page that is no index of a directory as nginx and Apache make it (its title is 'Models'). Name a single file, or switch the index on",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("CANARY", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, OriginFailure.Denied, "'autoindex on' in nginx")]
    [InlineData(401, OriginFailure.Denied, "Check the credentials")]
    [InlineData(404, OriginFailure.NotFound, "There is nothing at")]
    [InlineData(503, OriginFailure.Unavailable, "Try again later")]
    public async Task ListAsync_DirectoryRefused_SaysWhyInOurWords(int status, OriginFailure why, string words)
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(status));

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAllAsync(server.Url("/m/")));

        Assert.Equal(why, refused.Failure);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, OriginFailure.Changed, "is on the index page of its directory and is not there")]
    [InlineData(403, OriginFailure.Denied, "may not be read")]
    [InlineData(500, OriginFailure.Unavailable, "cannot be reached")]
    public async Task ListAsync_ListedFileRefused_NamesIt(int status, OriginFailure why, string words)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.Target == "/m/"
                ? exchange.AnswerAsync(200, """[{"name":"a b","type":"file"}]"""u8.ToArray(), Json)
                : exchange.AnswerAsync(status)
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAllAsync(server.Url("/m/")));

        Assert.Equal(why, refused.Failure);
        Assert.Contains($"'{server.Url("/m/a%20b")}' {words}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_DirectoriesInACircle_EndAtTheDepthLimit()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(200, """[{"name":"again","type":"directory"}]"""u8.ToArray(), Json)
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAllAsync(server.Url("/m/")));

        Assert.Contains("lies deeper than 32 directories", refused.Message, StringComparison.Ordinal);
        Assert.Equal(HttpDirectory.MaxDepth + 1, server.Requests.Count);
    }

    [Fact]
    public async Task ListAsync_MoreEntriesThanTheLimit_AreRefusedBeforeAnyIsLookedAt()
    {
        var entries = Enumerable
            .Range(0, HttpDirectory.MaxEntries + 1)
            .Select(i => $$"""{"name":"{{i}}","type":"file"}""");
        await using var server = Indexed(new() { ["/m/"] = $"[{string.Join(',', entries)}]" });

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAllAsync(server.Url("/m/")));

        Assert.Contains(
            "it lists 100001 files and directories and more; 100000 are the limit",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task ListAsync_PageWithoutEnd_IsLeftAtTheLimit()
    {
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, null, Html);
            var spaces = new byte[1 << 20];
            while (true)
                await exchange.SendBodyAsync(spaces);
        });

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAllAsync(server.Url("/m/")));

        Assert.Equal(OriginFailure.Broken, refused.Failure);
        Assert.Contains($"and {HttpDirectory.MaxPageBytes} are the limit", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_PageBreaksOff_IsUnavailable()
    {
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, 1000, Json);
            await exchange.SendBodyAsync("[{"u8.ToArray());
        });

        var broken = await Assert.ThrowsAsync<OriginException>(() => ListAllAsync(server.Url("/m/")));

        Assert.Equal(OriginFailure.Unavailable, broken.Failure);
    }

    [Fact]
    public async Task ListAsync_PageStalls_GivesUpAfterTheTimeout()
    {
        using var origin = new HttpOrigin(TimeSpan.FromMilliseconds(200));
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(200, 1000, Json);
            await Task.Delay(Timeout.Infinite, exchange.Stopping);
        });

        var down = await Assert.ThrowsAsync<OriginException>(() =>
            origin.ListAsync(ModelReference.Parse(server.Url("/m/")), TestContext.Current.CancellationToken)
        );

        Assert.Equal(OriginFailure.Unavailable, down.Failure);
    }

    [Fact]
    public async Task ListAsync_DirectoryOfACallerInAPrivateNetwork_IsDenied()
    {
        await using var server = Indexed(new() { ["/m/"] = "[]" });

        var refused = await Assert.ThrowsAsync<OriginException>(() =>
            _origin.ListAsync(ModelReference.ParseUntrusted(server.Url("/m/")), TestContext.Current.CancellationToken)
        );

        Assert.Equal(OriginFailure.Denied, refused.Failure);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void At_PathOfACallersReference_IsTrustedNoMore()
    {
        var file = HttpDirectory.At(ModelReference.ParseUntrusted("http://u:p%40@host/m/?a=1"), "b/c d");

        Assert.Equal(("http://u:p%40@host/m/b/c%20d?a=1", true), (file.Uri.AbsoluteUri, file.IsUntrusted));
    }

    // Each page, and one body for every other path.
    private static ScriptedHttpServer Indexed(Dictionary<string, string> pages) =>
        new(exchange =>
            pages.TryGetValue(exchange.Target.Split('?')[0], out var page)
                ? exchange.AnswerAsync(200, Encoding.UTF8.GetBytes(page), Json)
                : exchange.AnswerAsync(200, Body, "ETag: \"v1\"")
        );

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most)
            Interlocked.CompareExchange(ref most, value, seen);
    }

    private Task<OriginListing> ListAllAsync(string url) =>
        _origin.ListAsync(ModelReference.Parse(url), TestContext.Current.CancellationToken);
}
