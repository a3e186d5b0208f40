using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Larder.Server.Access;
using Larder.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Tests.Access;

public sealed class RequestLimitsTests
{
    private const string Stats = "/api/models/cache/stats";

    [Fact]
    public async Task Request_MoreThanACallerMaySend_Is429WithATimeAndOthersGoOn()
    {
        await using var server = await GuardedServer.StartAsync(options => options with { RequestsPerSecond = 1 });

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(_ => server.AskAsync(HttpMethod.Get, Stats, server.Tokens.Read))
        );

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
        var refused = answers.First(answer => answer.Status != HttpStatusCode.OK);
        refused.AssertProblem(429, "too-many-requests");
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(HttpMethod.Get, Stats, server.Tokens.Ops)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(HttpMethod.Get, "/health/live")).Status);
    }

    [Fact]
    public async Task Request_ManyWrongTokens_AreLimitedByTheirAddress()
    {
        await using var server = await GuardedServer.StartAsync(options => options with { RequestsPerSecond = 1 });

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(i => server.AskAsync(HttpMethod.Get, Stats, $"wrong{i}"))
        );

        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(HttpMethod.Get, Stats, server.Tokens.Read)).Status);
    }

    [Fact]
    public async Task Request_MoreThanAreAnsweredAtOnce_Is503AndHealthAndStreamsGoOn()
    {
        var gate = new Gate();
        gate.Close();
        await using var server = await GuardedServer.StartAsync(
            options => options with { MaxConcurrent = 1 },
            app =>
            {
                app.MapGet("/wait", (HttpContext context) => gate.PassAsync(context.RequestAborted))
                    .Requires(Scope.Read);
                app.MapGet("/stream", () => "{}").Requires(Scope.Read).Streams();
            }
        );
        var first = server.SendAsync(HttpMethod.Get, "/wait", server.Tokens.Read);
        await gate.Reached;

        var second = await server.AskAsync(HttpMethod.Get, Stats, server.Tokens.Read);
        var health = await server.AskAsync(HttpMethod.Get, "/health/ready");
        using var stream = await server.SendAsync(HttpMethod.Get, "/stream", server.Tokens.Read);
        gate.Open();
        using var answered = await first;
        var third = await server.AskAsync(HttpMethod.Get, Stats, server.Tokens.Read);

        second.AssertProblem(503, "too-busy");
        Assert.NotNull(second.Headers.RetryAfter);
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK),
            (health.Status, stream.StatusCode, answered.StatusCode, third.Status)
        );
    }

    [Fact]
    public async Task Request_BodyOverTheConfiguredLimit_Is413()
    {
        await using var server = await GuardedServer.StartAsync(options => options with { MaxBodyBytes = 100 });

        var answer = await server.AskAsync(
            HttpMethod.Post,
            "/api/models/prices/predict",
            server.Tokens.Predict,
            request => request.Content = Json(new string(' ', 101))
        );

        answer.AssertProblem(413, "too-large");
        Assert.Contains("100 bytes", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_GigabyteInChunks_IsRefusedWhileItIsBeingSent()
    {
        const long gigabyte = 1_000_000_000;
        await using var server = await GuardedServer.StartOpenAsync();
        var address = server.Http.BaseAddress!;
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                "POST /api/models/prices/predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"inputs\": {\"a\":\r\n"
            ),
            TestContext.Current.CancellationToken
        );
        var buffer = new byte[64];
        var reading = stream
            .ReadAtLeastAsync(buffer, 12, cancellationToken: TestContext.Current.CancellationToken)
            .AsTask();

        var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string(' ', 0x10000)}\r\n");
        long sent = 0;
        try
        {
            while (!reading.IsCompleted && sent < gigabyte)
            {
                var writing = stream.WriteAsync(chunk, TestContext.Current.CancellationToken).AsTask();
                if (await Task.WhenAny(reading, writing) == reading)
                    break;
                await writing;
                sent += chunk.Length;
            }
            await reading;
            Assert.StartsWith("HTTP/1.1 413", Encoding.ASCII.GetString(buffer), StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // The server closed the connection with bytes unread, and that overtook its answer, as it may.
        }

        Assert.InRange(sent, 30_000_000, 300_000_000);
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(HttpMethod.Get, "/health/live")).Status);
    }

    [Fact]
    public async Task Request_MillionKeys_IsAProblemOfBoundedSize()
    {
        await using var server = await GuardedServer.StartOpenAsync();
        var body = new StringBuilder("{\"inputs\": {\"k\": 0");
        for (var i = 0; i < 1_000_000; i++)
            body.Append(CultureInfo.InvariantCulture, $",\"k{i}\":1");
        body.Append("}}");

        var answer = await server.AskAsync(
            HttpMethod.Post,
            "/api/models/prices/predict",
            change: request => request.Content = Json(body.ToString())
        );

        answer.AssertProblem(400, "invalid-inputs");
        Assert.InRange(answer.Json.GetRawText().Length, 1, 100_000);
    }

    [Fact]
    public async Task Request_HeadersThatNeverFitThem_AreRefusedByTheListener()
    {
        await using var server = await GuardedServer.StartAsync();

        var answer = await RawRequest.SendAsync(
            server.Http.BaseAddress!,
            $"GET {Stats} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {new string('a', 40_000)}\r\nConnection: close\r\n\r\n"
        );

        Assert.StartsWith("HTTP/1.1 431", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(HttpMethod.Get, "/health/live")).Status);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    public void KeyOf_CallersThatAreNotKnown_AreCountedByTheirNetwork(string one, string other, bool together) =>
        Assert.Equal(together, KeyOf(one) == KeyOf(other));

    [Fact]
    public void KeyOf_CallerThatIsKnown_IsCountedByItsToken()
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Features.Set(new Identity(new Caller("ops", CallerKind.Session, new HashSet<Scope>()), null));

        Assert.Equal("token ops", RequestLimits.KeyOf(context));
    }

    private static string KeyOf(string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return RequestLimits.KeyOf(context);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
