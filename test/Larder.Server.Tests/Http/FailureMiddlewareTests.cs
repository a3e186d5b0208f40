using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Larder.Server.Http;
using Larder.TestKit;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests.Http;

public sealed class FailureMiddlewareTests : ServerTests
{
    [Fact]
    public async Task Request_CallerResetsItsConnection_IsNoFailureOfTheServer()
    {
        using var log = new RecordingLoggerFactory();
        var middleware = new FailureMiddleware(
            _ => throw new ConnectionResetException("reset"),
            log.CreateLogger<FailureMiddleware>()
        );
        var context = new DefaultHttpContext();

        await middleware.InvokeAsync(context);

        Assert.Empty(log.Messages);
        Assert.Equal(0, context.Response.Body.Length);
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/api")]
    [InlineData("/api/models/prices/unknown")]
    public async Task Request_UnknownRoute_Is404(string path)
    {
        var server = await StartWithPricesAsync();

        var answer = await server.GetAsync(path);

        answer.AssertProblem(404, "no-such-route");
        Assert.Equal(path, answer.Text("instance"));
    }

    [Theory]
    [InlineData("GET", "/api/models/prices/predict", "POST")]
    [InlineData("DELETE", "/api/models/prices", "GET")]
    [InlineData("PUT", "/health/live", "GET")]
    public async Task Request_WrongMethod_Is405AndNamesTheRightOne(string method, string path, string allowed)
    {
        var server = await StartWithPricesAsync();

        var answer = await server.SendAsync(HttpMethod.Parse(method), path);

        answer.AssertProblem(405, "wrong-method");
        Assert.Equal([allowed], answer.ContentHeaders.Allow);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task Request_ForeignHost_IsRefused(string host)
    {
        var server = await StartWithPricesAsync();

        var answer = await server.SendAsync(HttpMethod.Get, "/api/models", host: host);

        answer.AssertProblem(400, "bad-host");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:1")]
    [InlineData("[::1]:8080")]
    public async Task Request_LoopbackHost_IsAnswered(string host)
    {
        var server = await StartWithPricesAsync();

        var answer = await server.SendAsync(HttpMethod.Get, "/api/models", host: host);

        Assert.Equal(200, (int)answer.Status);
    }

    [Fact]
    public async Task Request_BodyOverTheLimit_Is413BeforeItIsSent()
    {
        var server = await StartWithPricesAsync();
        var address = server.Http.BaseAddress!;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();

        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                "POST /api/models/prices/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000001\r\nConnection: close\r\n\r\n"
            ),
            TestContext.Current.CancellationToken
        );

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("urn:larder:problem:too-large", answer, StringComparison.Ordinal);
        Assert.Contains("30000000", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_NobodyForesawTheFailure_Is500WithoutItsText()
    {
        var server = await StartWithPricesAsync();
        await server.Graphs.DisposeAsync();

        var answer = await server.PredictAsync("prices", RunningServer.Example("house-prices/v1"));

        answer.AssertProblem(500, "unexpected");
        Assert.DoesNotContain("disposed", answer.Json.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Request_StoreIsGone_Is500WithoutItsPath()
    {
        var server = await StartWithPricesAsync();
        Directory.Delete(StorePath, recursive: true);
        await File.WriteAllTextAsync(StorePath, "a file", TestContext.Current.CancellationToken);

        var answer = await server.PredictAsync("prices", RunningServer.Example("house-prices/v1"));

        answer.AssertProblem(500, "store-failed");
    }

    [Fact]
    public async Task Request_CallerLeaves_TheModelIsGivenBack()
    {
        var server = await StartWithPricesAsync();
        await server.PredictAsync("prices", RunningServer.Example("house-prices/v1"));
        var address = server.Http.BaseAddress!;
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
            await client
                .GetStream()
                .WriteAsync(
                    Encoding.ASCII.GetBytes(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"POST /api/models/prices/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: {500}\r\n\r\n{{"
                        )
                    ),
                    TestContext.Current.CancellationToken
                );
        }

        var answer = await server.DeleteAsync("/api/models/cache");

        Assert.Equal((1, 0), (answer["removed_entries"].GetInt32(), answer["kept_in_use"].GetArrayLength()));
    }
}
