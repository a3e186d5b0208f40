using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Larder.TestKit;

/// <summary>Stands before an HTTP server and does to some of its answers what networks and servers do.</summary>
/// <remarks>One request to a connection. Requests are passed on as they are, so that signatures over them stay good.</remarks>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _upstreamPort;
    private readonly Func<FaultedRequest, ProxyFault?> _choose;
    private readonly Lock _lock = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private int _requests;

    /// <summary>Begins to listen.</summary>
    /// <param name="upstreamPort">Where the server listens, on this machine.</param>
    /// <param name="choose">What is done to the answer to a request; null for nothing.</param>
    public FaultProxy(int upstreamPort, Func<FaultedRequest, ProxyFault?> choose)
    {
        _upstreamPort = upstreamPort;
        _choose = choose;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>After how many bytes of a body a fault of the body begins.</summary>
    public int AtByte { get; init; }

    /// <summary>The address of a path that begins with a slash.</summary>
    public string Url(string path) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}{path}");

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
            if (await ReadHeadAsync(stream) is not { } head)
                return;
            var words = head.Split(' ', 3);
            var request = new FaultedRequest(
                Interlocked.Increment(ref _requests),
                words[0],
                words[1],
                head.Contains("\r\nRange:", StringComparison.OrdinalIgnoreCase)
            );
            await AnswerAsync(client, stream, head, _choose(request));
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
        {
            // The client had enough, or the test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client, NetworkStream stream, string head, ProxyFault? fault)
    {
        switch (fault)
        {
            case ProxyFault.Unauthorized:
                await SendAsync(stream, Status(401));
                return;
            case ProxyFault.Forbidden:
                await SendAsync(stream, Status(403));
                return;
            case ProxyFault.RequestTimeout:
                await SendAsync(stream, Status(408));
                return;
            case ProxyFault.RangeNotSatisfiable:
                await SendAsync(stream, Status(416));
                return;
            case ProxyFault.TooManyRequests:
                await SendAsync(stream, Status(429, "Retry-After: 1"));
                return;
            case ProxyFault.ServerError:
                await SendAsync(stream, Status(500));
                return;
            case ProxyFault.Unavailable:
                await SendAsync(stream, Status(503, "Retry-After: 1"));
                return;
            case ProxyFault.RedirectLoop:
                await SendAsync(stream, Status(302, $"Location: {head.Split(' ', 3)[1]}"));
                return;
            case ProxyFault.Garbage:
                await SendAsync(stream, "\0\u0001\u0002 this is no answer\r\n\r\n");
                return;
            case ProxyFault.Abort:
                Reset(client);
                return;
            default:
                await PassOnAsync(client, stream, head, fault);
                return;
        }
    }

    private async Task PassOnAsync(TcpClient client, NetworkStream stream, string head, ProxyFault? fault)
    {
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(IPAddress.Loopback, _upstreamPort, _stop.Token);
        await using var server = upstream.GetStream();
        if (fault == ProxyFault.WholeForPart)
            head = Without(head, "Range");
        await SendAsync(server, Without(head, "Connection").TrimEnd() + "\r\nConnection: close\r\n\r\n");
        if (await ReadHeadAsync(server) is not { } answer)
            return;
        await SendAsync(stream, Changed(answer, fault));
        await CopyAsync(client, server, stream, fault);
    }

    private static string Changed(string answer, ProxyFault? fault) =>
        fault switch
        {
            ProxyFault.WrongContentRange => answer.Replace("bytes ", "bytes 1", StringComparison.Ordinal),
            ProxyFault.NoContentRange => Without(answer, "Content-Range"),
            ProxyFault.Gzip => answer.TrimEnd() + "\r\nContent-Encoding: gzip\r\n\r\n",
            ProxyFault.Changed => Without(answer, "ETag").TrimEnd() + "\r\nETag: \"another\"\r\n\r\n",
            _ => answer,
        };

    private async Task CopyAsync(TcpClient client, NetworkStream server, NetworkStream stream, ProxyFault? fault)
    {
        var buffer = new byte[65_536];
        for (var passed = 0; ; )
        {
            var isBefore = passed < AtByte;
            var most = fault is null || !isBefore ? buffer.Length : Math.Min(buffer.Length, AtByte - passed);
            var read = await server.ReadAsync(buffer.AsMemory(0, most), _stop.Token);
            if (read == 0)
                break;
            var bytes = buffer.AsMemory(0, read);
            switch (isBefore ? null : fault)
            {
                case ProxyFault.Reset:
                    Reset(client);
                    return;
                case ProxyFault.ShortBody:
                    return;
                case ProxyFault.Stall:
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                    return;
                case ProxyFault.Trickle:
                    for (var at = 0; at < read; at += 10)
                    {
                        await stream.WriteAsync(bytes[at..Math.Min(read, at + 10)], _stop.Token);
                        await Task.Delay(100, _stop.Token);
                    }
                    break;
                case ProxyFault.FlippedBit:
                    bytes.Span[0] ^= 1;
                    fault = null;
                    await stream.WriteAsync(bytes, _stop.Token);
                    break;
                default:
                    await stream.WriteAsync(bytes, _stop.Token);
                    break;
            }
            passed += read;
        }
        if (fault == ProxyFault.LongBody)
            await stream.WriteAsync(new byte[1000], _stop.Token);
    }

    // Closed with something unsent thrown away: the other side gets a reset and no end.
    private static void Reset(TcpClient client)
    {
        client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Client.Close();
    }

    private static string Status(int status, string header = "X-Fault: yes") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} Fault\r\n{header}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );

    private static string Without(string head, string header) =>
        string.Join(
            "\r\n",
            head.Split("\r\n").Where(line => !line.StartsWith(header + ":", StringComparison.OrdinalIgnoreCase))
        );

    private Task SendAsync(NetworkStream stream, string text) =>
        stream.WriteAsync(Encoding.Latin1.GetBytes(text), _stop.Token).AsTask();

    // A byte at a time, so that nothing of a body is read here.
    private async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                return null;
            head.Append((char)one[0]);
        }
        return head.ToString();
    }
}
