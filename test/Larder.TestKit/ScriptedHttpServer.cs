using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Larder.TestKit;

/// <summary>An HTTP server whose answers a test writes byte by byte, one request to a connection.</summary>
public sealed class ScriptedHttpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<HttpExchange, Task> _handler;
    private readonly Lock _lock = new();
    private readonly List<string> _requests = [];
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private long _bodyBytes;

    public ScriptedHttpServer(Func<HttpExchange, Task> handler)
    {
        _handler = handler;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Bytes of bodies that were sent.</summary>
    public long BodyBytes => Interlocked.Read(ref _bodyBytes);

    /// <summary>The requests so far, such as <c>GET /model.onnx</c>.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>A server that has one file under every path.</summary>
    public static ScriptedHttpServer Serving(byte[] body, string version = "\"v1\"") =>
        new(exchange => exchange.AnswerAsync(200, body, $"ETag: {version}"));

    /// <summary>A server that has one file under every path, and sends parts of it.</summary>
    public static ScriptedHttpServer ServingParts(byte[] body, string version = "\"v1\"") =>
        new(exchange => exchange.AnswerPartAsync(body, $"ETag: {version}", "Accept-Ranges: bytes"));

    /// <summary>Where it listens, on this machine.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The address of a path that begins with a slash.</summary>
    public string Url(string path, string userInfo = "") =>
        string.Create(CultureInfo.InvariantCulture, $"http://{userInfo}127.0.0.1:{Port}{path}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Task[] connections;
        lock (_lock)
            connections = [.. _connections];
        await Task.WhenAll(connections);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                var connection = Task.Run(() => ServeAsync(client));
                lock (_lock)
                    _connections.Add(connection);
            }
        }
        catch (Exception stopped)
            when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        await using var stream = client.GetStream();
        try
        {
            if (await ReadHeadAsync(stream) is not var (head, begun))
                return;
            var exchange = new HttpExchange(head, stream, count => Interlocked.Add(ref _bodyBytes, count), _stop.Token);
            await exchange.ReadBodyAsync(begun);
            lock (_lock)
                _requests.Add($"{exchange.Method} {exchange.Target}");
            await _handler(exchange);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The client had enough, or the test is over.
        }
    }

    /// <summary>The head of a request, and what came with it of its body.</summary>
    private async Task<(string Head, byte[] Begun)?> ReadHeadAsync(NetworkStream stream)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
                return null;
            bytes.Write(buffer, 0, read);
            var all = bytes.ToArray();
            var end = all.AsSpan().IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return (Encoding.Latin1.GetString(all, 0, end), all[(end + 4)..]);
        }
    }
}
