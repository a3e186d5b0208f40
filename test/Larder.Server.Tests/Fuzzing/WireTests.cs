using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Larder.Server.Tests.Access;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>Bytes on a socket that no client library sends: the connection may end, and the server goes on.</summary>
public sealed class WireTests
{
    private const string Predict = "POST /api/models/prices/predict HTTP/1.1\r\nHost: localhost\r\n";

    private static readonly string Example = RunningServer.Example("house-prices/v1");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("G")]
    [InlineData("GET /health/live HTTP/1.1")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData(
        "POST /api/models/prices/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"inputs\""
    )]
    [InlineData(
        "POST /api/models/prices/predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"inputs\""
    )]
    public async Task Request_CallerLeavesInTheMiddle_TroublesNobody(string beginning)
    {
        await using var server = await GuardedServer.StartOpenAsync();
        for (var i = 0; i < 20; i++)
        {
            using var client = await ConnectAsync(server);
            await SendAsync(client, beginning);
            // Half of them break the connection off, the others end it as they should.
            if (i % 2 == 0)
                client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        await AssertPredictsAsync(server);
        Assert.DoesNotContain(server.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\r\n\r\n\r\n")]
    [InlineData("\0\0\0\0")]
    [InlineData("not http\r\n\r\n")]
    [InlineData("GET /health/live\r\n\r\n")]
    [InlineData("GET /health/live HTTP/9.9\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /health/live HTTP/1.1\r\n\r\n")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003")]
    [InlineData(
        "POST /api/models/prices/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}   "
    )]
    [InlineData("POST /api/models/prices/predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n")]
    [InlineData(
        "POST /api/models/prices/predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"
    )]
    [InlineData(
        "POST /api/models/prices/predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}"
    )]
    public async Task Request_ThatIsNoHttp_IsRefusedAndTheServerGoesOn(string bytes)
    {
        await using var server = await GuardedServer.StartOpenAsync();
        using var client = await ConnectAsync(server);

        await SendAsync(client, bytes);
        EndSending(client);
        var answer = await ReadToEndAsync(client);

        Assert.DoesNotContain("HTTP/1.1 2", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 500", answer, StringComparison.Ordinal);
        await AssertPredictsAsync(server);
    }

    [Fact]
    public async Task Request_LengthAndChunks_NothingIsHiddenBetweenThem()
    {
        await using var server = await GuardedServer.StartOpenAsync();
        using var client = await ConnectAsync(server);

        // What one reader takes for the body is a second request to another: the connection ends before anybody reads it so.
        await SendAsync(
            client,
            $"{Predict}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
        EndSending(client);
        var answer = await ReadToEndAsync(client);

        Assert.DoesNotContain("/hidden", answer, StringComparison.Ordinal);
        await AssertPredictsAsync(server);
    }

    [Fact]
    public async Task Request_ManyAtOnceOnOneConnection_AreAnsweredInTheirOrder()
    {
        await using var server = await GuardedServer.StartOpenAsync();
        using var client = await ConnectAsync(server);
        var wire = new WireReader(client.GetStream());
        var requests = new StringBuilder();
        for (var i = 0; i < 50; i++)
            requests.Append(
                i % 2 == 0
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"GET /nothing/{i} HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    )
                    : $"{Predict}Content-Length: {Example.Length}\r\n\r\n{Example}"
            );

        await SendAsync(client, requests.ToString());

        for (var i = 0; i < 50; i++)
        {
            var answer = await FuzzAnswer.ReadAsync(wire, "POST", Stop);
            using var document = JsonDocument.Parse(answer!.Body);
            if (i % 2 == 0)
                Assert.Equal($"/nothing/{i}", document.RootElement.GetProperty("instance").GetString());
            else
                Assert.Equal(403569, document.RootElement.GetProperty("prediction").GetDouble(), 0.5);
        }
    }

    [Fact]
    public async Task Request_ExpectsToBeToldToGoOn_IsToldAndAnswered()
    {
        await using var server = await GuardedServer.StartOpenAsync();
        using var client = await ConnectAsync(server);
        var wire = new WireReader(client.GetStream());

        await SendAsync(client, $"{Predict}Expect: 100-continue\r\nContent-Length: {Example.Length}\r\n\r\n");
        var told = await wire.LineAsync(Stop);
        await wire.LineAsync(Stop);
        await SendAsync(client, Example);
        var answer = await FuzzAnswer.ReadAsync(wire, "POST", Stop);

        Assert.Equal("HTTP/1.1 100 Continue", told);
        Assert.Equal(200, answer?.Status);
    }

    [Fact]
    public async Task Request_TooLargeAndExpectsToBeToldToGoOn_IsRefusedBeforeItIsSent()
    {
        await using var server = await GuardedServer.StartOpenAsync();
        using var client = await ConnectAsync(server);
        var wire = new WireReader(client.GetStream());

        await SendAsync(client, $"{Predict}Expect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n");
        var answer = await FuzzAnswer.ReadAsync(wire, "POST", Stop);

        Assert.Equal(413, answer?.Status);
        Assert.Contains("urn:larder:problem:too-large", answer!.Text, StringComparison.Ordinal);
    }

    // The server measures for five seconds before it takes a body for held back.
    [Fact]
    public async Task Request_BodyIsHeldBack_IsGivenUpAndOthersAreAnsweredMeanwhile()
    {
        await using var server = await GuardedServer.StartOpenAsync();
        var slow = new List<TcpClient>();
        for (var i = 0; i < 50; i++)
        {
            slow.Add(await ConnectAsync(server));
            await SendAsync(slow[i], $"{Predict}Content-Length: 1000\r\n\r\n{{");
        }

        await AssertPredictsAsync(server);
        foreach (var client in slow)
        {
            var answer = await ReadToEndAsync(client);
            Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
            Assert.Contains("urn:larder:problem:bad-request", answer, StringComparison.Ordinal);
            client.Dispose();
        }
    }

    [Theory]
    [InlineData("..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("%2e%2e%2f%2e%2e")]
    [InlineData("..%5c..")]
    [InlineData("file:%2f%2f%2fetc%2fpasswd")]
    [InlineData("prices%2f..%2fprices")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("PRICES")]
    [InlineData("prices%20")]
    public async Task Request_PathAsTheIdOfAModel_IsOfNoModel(string id)
    {
        await using var server = await GuardedServer.StartOpenAsync();
        using var client = new WireClient(server.Http.BaseAddress!);

        foreach (
            var (method, target) in new[]
            {
                ("POST", $"/api/models/{id}/predict"),
                ("POST", $"/api/models/{id}/warm"),
                ("GET", $"/api/models/{id}"),
                ("POST", $"/v2/models/{id}/infer"),
                ("DELETE", $"/api/models/cache?model_id={id}"),
            }
        )
        {
            var answer = await client.SendAsync(
                new FuzzRequest(method, target, ["Host: localhost"], [.. "{}"u8]) { Framing = Framing.Length },
                Stop
            );

            Assert.True(answer?.Status == 404, $"{method} {target} was answered {answer?.Status} {answer?.Text}.");
            Assert.Contains("urn:larder:problem:unknown-model", answer!.Text, StringComparison.Ordinal);
        }
    }

    private static async Task<TcpClient> ConnectAsync(GuardedServer server)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", server.Http.BaseAddress!.Port, Stop);
        return client;
    }

    private static ValueTask SendAsync(TcpClient client, string text) =>
        client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), Stop);

    private static void EndSending(TcpClient client)
    {
        try
        {
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server was quicker.
        }
    }

    private static async Task<string> ReadToEndAsync(TcpClient client)
    {
        try
        {
            // Not the client's own: it gives none once the server has broken the connection off.
            using var reader = new StreamReader(new NetworkStream(client.Client));
            return await reader.ReadToEndAsync(Stop);
        }
        catch (IOException)
        {
            return ""; // Broken off with bytes unread, which overtook the answer.
        }
    }

    private static async Task AssertPredictsAsync(GuardedServer server)
    {
        var answer = await server.AskAsync(
            HttpMethod.Post,
            "/api/models/prices/predict",
            change: request => request.Content = new StringContent(Example, Encoding.UTF8, "application/json")
        );
        Assert.Equal(403569, answer["prediction"].GetDouble(), 0.5);
    }
}
