using System.Text;
using Larder.Content;
using Larder.Origins;
using Larder.Origins.Http;
using Larder.TestKit;

namespace Larder.Tests.Origins;

public sealed partial class HttpOriginTests : IDisposable
{
    private static readonly byte[] Body = TestBytes.Of(1000);

    private readonly HttpOrigin _origin = new();

    [Fact]
    public async Task ListAsync_FileThere_TellsNameSizeAndVersionWithoutItsBytes()
    {
        await using var server = ScriptedHttpServer.Serving(Body);

        var file = await ListAsync(server.Url("/models/my%20model.onnx?file=1"));

        Assert.Equal(new OriginFile("my model.onnx", 1000, "etag=\"v1\""), file);
        Assert.Equal((0, "HEAD /models/my%20model.onnx?file=1"), (server.BodyBytes, Assert.Single(server.Requests)));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task ListAsync_HeadNotAllowed_AsksWithGet(int status)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.IsHead ? exchange.AnswerAsync(status) : exchange.AnswerAsync(200, Body, "ETag: \"v1\"")
        );

        Assert.Equal(1000, (await ListAsync(server.Url("/model.onnx"))).SizeBytes);
    }

    [Theory]
    [InlineData(404, OriginFailure.NotFound)]
    [InlineData(410, OriginFailure.NotFound)]
    [InlineData(401, OriginFailure.Denied)]
    [InlineData(403, OriginFailure.Denied)]
    [InlineData(429, OriginFailure.Unavailable)]
    [InlineData(500, OriginFailure.Unavailable)]
    [InlineData(503, OriginFailure.Unavailable)]
    [InlineData(408, OriginFailure.Unavailable)]
    [InlineData(400, OriginFailure.Broken)]
    [InlineData(300, OriginFailure.Broken)]
    public async Task ListAsync_ServerRefuses_SaysWhyInOurWords(int status, OriginFailure why)
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(status));

        var refused = await Assert.ThrowsAsync<OriginException>(() =>
            ListAsync(server.Url("/model.onnx?sig=CANARY", "u:CANARY@"))
        );

        Assert.Equal(why, refused.Failure);
        Assert.Contains($"the server answered {status} Scripted", refused.Message, StringComparison.Ordinal);
        Assert.Contains(server.Url("/model.onnx"), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_NobodyListens_SaysUnavailable()
    {
        var server = ScriptedHttpServer.Serving(Body);
        var url = server.Url("/model.onnx?sig=CANARY");
        await server.DisposeAsync();

        var down = await Assert.ThrowsAsync<OriginException>(() => ListAsync(url));

        Assert.Equal(OriginFailure.Unavailable, down.Failure);
        Assert.DoesNotContain("CANARY", down.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not HTTP at all\r\n\r\n")]
    [InlineData("")]
    public async Task ListAsync_AnswerThatIsNone_IsNoRawError(string answer)
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.SendAsync(answer));

        await Assert.ThrowsAsync<OriginException>(() =>
            ListAsync(server.Url("/model.onnx")).WaitAsync(TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task ListAsync_ServerSilent_GivesUpAfterTheTimeout()
    {
        using var origin = new HttpOrigin(TimeSpan.FromMilliseconds(50));
        await using var server = new ScriptedHttpServer(exchange => Task.Delay(Timeout.Infinite, exchange.Stopping));

        var down = await Assert.ThrowsAsync<OriginException>(() =>
            origin.ListAsync(ModelReference.Parse(server.Url("/x")), TestContext.Current.CancellationToken)
        );

        Assert.Contains("no answer within 0.05 s", down.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_Cancelled_IsCancelledAndNoFailureOfTheOrigin()
    {
        using var leaving = new CancellationTokenSource();
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            await leaving.CancelAsync();
            await Task.Delay(Timeout.Infinite, exchange.Stopping);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _origin.ListAsync(ModelReference.Parse(server.Url("/x")), leaving.Token)
        );
    }

    [Fact]
    public async Task ListAsync_RelativeRedirect_IsFollowed()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.Target == "/a/model.onnx"
                ? exchange.AnswerAsync(302, "Location: ../b/real?sig=1")
                : exchange.AnswerAsync(200, Body, "ETag: \"v1\"")
        );

        var file = await ListAsync(server.Url("/a/model.onnx"));

        Assert.Equal(("model.onnx", "HEAD /b/real?sig=1"), (file.Path, server.Requests[^1]));
    }

    [Fact]
    public async Task ListAsync_FileThatIsADirectory_SaysHowToPullIt()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.Target == "/models/big"
                ? exchange.AnswerAsync(301, "Location: /models/big/")
                : exchange.AnswerAsync(200, "<html><title>Index of /models/big/</title></html>"u8.ToArray())
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync(server.Url("/models/big")));

        Assert.Contains("at the server it is a directory", refused.Message, StringComparison.Ordinal);
        Assert.Contains("/models/big/'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_RedirectsInACircle_AreRefused()
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(301, "Location: /model.onnx"));

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync(server.Url("/model.onnx")));

        Assert.Contains("more than 5 redirects", refused.Message, StringComparison.Ordinal);
        Assert.Equal(6, server.Requests.Count);
    }

    [Theory]
    [InlineData("Location: file:///etc/passwd", "a redirect to the scheme file")]
    [InlineData("Location: http://[", "a redirect without a target")]
    [InlineData("X-Nothing: here", "a redirect without a target")]
    public async Task ListAsync_RedirectToNowhere_IsRefused(string header, string reason)
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(307, header));

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync(server.Url("/model.onnx")));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Follow_FromHttpsToHttp_IsRefused()
    {
        var refused = Assert.Throws<OriginException>(() =>
            HttpTransport.Follow(
                ModelReference.Parse("https://host/x"),
                new Uri("https://host/x"),
                new Uri("http://host/x"),
                0
            )
        );

        Assert.Contains("from https to http", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_UserInTheReference_IsSentToItsHostAndToNoOther()
    {
        string? atOwn = null,
            atOther = "not asked";
        await using var other = new ScriptedHttpServer(exchange =>
        {
            atOther = exchange.Headers.GetValueOrDefault("Authorization");
            return exchange.AnswerAsync(200, Body);
        });
        await using var own = new ScriptedHttpServer(exchange =>
        {
            atOwn = exchange.Headers.GetValueOrDefault("Authorization");
            return exchange.AnswerAsync(302, $"Location: {other.Url("/model.onnx")}");
        });

        await ListAsync(own.Url("/model.onnx", "us%40er:pass@"));

        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("us@er:pass")), atOwn);
        Assert.Null(atOther);
    }

    [Fact]
    public async Task OpenAsync_AsListed_GivesTheBytesAndPinsTheVersion()
    {
        string? pin = null;
        await using var server = new ScriptedHttpServer(exchange =>
        {
            pin = exchange.Headers.GetValueOrDefault("If-Match");
            return exchange.AnswerAsync(200, Body, "ETag: \"v1\"");
        });

        Assert.Equal(Body, await ReadAsync(server.Url("/model.onnx"), "etag=\"v1\""));
        Assert.Equal("\"v1\"", pin);
    }

    [Theory]
    [InlineData("etag=\"v1\"", "ETag: \"v2\"")]
    [InlineData("etag=W/\"v1\"", "ETag: W/\"v2\"")]
    [InlineData("modified=Wed, 01 Jan 2025 00:00:00 GMT", "Last-Modified: Wed, 01 Jan 2025 00:00:01 GMT")]
    public async Task OpenAsync_OtherVersionThanListed_SaysChanged(string listed, string header)
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(200, Body, header));

        var changed = await Assert.ThrowsAsync<OriginException>(() => ReadAsync(server.Url("/model.onnx"), listed));

        Assert.Equal(OriginFailure.Changed, changed.Failure);
    }

    [Theory]
    [InlineData("etag=W/\"v1\"", "ETag: \"v1\"")]
    [InlineData("etag=\"v1\"", "ETag: W/\"v1\"")]
    public async Task OpenAsync_MarkBecameStronger_GivesTheBytes(string listed, string header)
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(200, Body, header));

        Assert.Equal(Body, await ReadAsync(server.Url("/model.onnx"), listed));
    }

    [Theory]
    [InlineData(412)]
    [InlineData(404)]
    public async Task OpenAsync_GoneSinceItWasListed_SaysChanged(int status)
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(status));

        var changed = await Assert.ThrowsAsync<OriginException>(() =>
            ReadAsync(server.Url("/model.onnx"), "etag=\"v1\"")
        );

        Assert.Equal(OriginFailure.Changed, changed.Failure);
    }

    [Fact]
    public async Task OpenAsync_ServerMarksItsFilesForGetAlone_GivesTheBytes()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.IsHead ? exchange.AnswerAsync(200, Body) : exchange.AnswerAsync(200, Body, "ETag: \"v1\"")
        );
        var file = await ListAsync(server.Url("/model.onnx"));

        Assert.Equal(Body, await ReadAsync(server.Url("/model.onnx"), file.Version));
    }

    [Fact]
    public async Task OpenAsync_Compressed_IsRefusedAndSaysWhatToDo()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(200, Body, "Content-Encoding: gzip")
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() => ReadAsync(server.Url("/model.onnx"), "unknown"));

        Assert.Contains(
            "was sent as gzip although plain bytes were asked for. Switch compression off",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task OpenAsync_PartOfTheFile_IsRefused()
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(206, Body));

        var refused = await Assert.ThrowsAsync<OriginException>(() => ReadAsync(server.Url("/model.onnx"), "unknown"));

        Assert.Equal(OriginFailure.Broken, refused.Failure);
    }

    public void Dispose() => _origin.Dispose();

    private async Task<OriginFile> ListAsync(string url) =>
        Assert.Single(
            (await _origin.ListAsync(ModelReference.Parse(url), TestContext.Current.CancellationToken)).Files
        );

    private async Task<byte[]> ReadAsync(string url, string version, ByteRange? range = null)
    {
        await using var body = await _origin.OpenAsync(
            ModelReference.Parse(url),
            new OriginFile("model.onnx", Body.Length, version),
            range,
            TestContext.Current.CancellationToken
        );
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }
}
