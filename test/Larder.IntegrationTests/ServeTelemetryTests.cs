using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Larder.IntegrationTests;

/// <summary>What a server that runs as a process of its own tells of itself.</summary>
[Trait("Category", "Integration")]
public sealed class ServeTelemetryTests : CommandTests
{
    [Fact]
    public async Task Serve_LogFormatJson_EveryLineIsAnObject()
    {
        using var server = await StartAsync(["--log-format", "json"]);
        await server.PredictAsync("prices", "{}");

        server.Process.Terminate();
        var result = (await server.Process.EndAsync()).Done();

        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var events = lines
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString())
            .ToList();
        Assert.Equal(
            ["LoopbackOnly", "Serving", "Stopping"],
            events.Intersect(["LoopbackOnly", "Serving", "Stopping"])
        );
    }

    [Fact]
    public async Task Serve_ConfigurationWantsJson_IsObeyedAndTheOptionGoesBefore()
    {
        var configuration = Write("larder.json", """{"server": {"logs": "json"}, "graphs": {"max_graphs": 3}}""");
        using var asConfigured = await ServerProcess.StartAsync(
            Here,
            ["--config", configuration],
            $"LARDER_STORE={StorePath}"
        );
        using var asAsked = await ServerProcess.StartAsync(
            Here,
            ["--config", configuration, "--log-format", "text"],
            $"LARDER_STORE={StorePath}"
        );

        foreach (var server in new[] { asConfigured, asAsked })
            server.Process.Terminate();

        Assert.StartsWith("{", (await asConfigured.Process.EndAsync()).Done().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("{\"", (await asAsked.Process.EndAsync()).Done().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OtlpEndpoint_IsSentMetricsAndTraces()
    {
        using var receiver = new Receiver();
        using var server = await StartAsync(
            [],
            $"OTEL_EXPORTER_OTLP_ENDPOINT={receiver.Url}",
            "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"
        );
        await server.PredictAsync("prices", await File.ReadAllTextAsync(Example(Prices), Cancellation));

        Assert.True(HasLoaded(server, "OpenTelemetry.dll"));
        server.Process.Terminate();
        (await server.Process.EndAsync()).Done();

        Assert.Contains("larder.predictions.answered", receiver.Of("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", receiver.Of("/v1/metrics"), StringComparison.Ordinal);
        foreach (var name in new[] { "larder.predict", "larder.pull", "larder.load", "larder.run" })
            Assert.Contains(name, receiver.Of("/v1/traces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_NoOtlpEndpoint_LoadsNothingOfOpenTelemetry()
    {
        using var server = await StartAsync([]);
        await server.PredictAsync("prices", await File.ReadAllTextAsync(Example(Prices), Cancellation));

        Assert.True(HasLoaded(server, "Larder.Server.dll"));
        Assert.False(HasLoaded(server, "OpenTelemetry"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static bool HasLoaded(ServerProcess server, string assembly) =>
        File.ReadLines($"/proc/{server.Process.Id}/maps")
            .Any(line => line.Contains(assembly, StringComparison.Ordinal));

    private Task<ServerProcess> StartAsync(string[] arguments, params string[] environment) =>
        ServerProcess.StartAsync(
            Here,
            ["--config", Serving("prices", new Uri(Sample(Prices)).AbsoluteUri), .. arguments],
            [$"LARDER_STORE={StorePath}", .. environment]
        );

    /// <summary>Takes whatever is posted to it.</summary>
    private sealed class Receiver : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentQueue<(string Path, string Body)> _received = new();

        public Receiver()
        {
            using (var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                Url = string.Create(CultureInfo.InvariantCulture, $"http://{socket.LocalEndPoint}");
            }
            _listener.Prefixes.Add($"{Url}/");
            _listener.Start();
            _ = ReceiveAsync();
        }

        public string Url { get; }

        /// <summary>All that came at a path, as letters; what is none of them stands for itself.</summary>
        public string Of(string path) =>
            string.Concat(_received.Where(sent => sent.Path == path).Select(sent => sent.Body));

        public void Dispose() => _listener.Close();

        private async Task ReceiveAsync()
        {
            try
            {
                while (true)
                {
                    var exchange = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await exchange.Request.InputStream.CopyToAsync(body);
                    _received.Enqueue((exchange.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
                    exchange.Response.ContentType = "application/x-protobuf";
                    exchange.Response.Close();
                }
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
