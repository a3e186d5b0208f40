using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Peers;

/// <summary>A port of 127.0.0.1 that leads to another over a link with a rate and a delay, as long cables have them.</summary>
/// <remarks>
/// All connections share the rate of the direction that answers come from. In both directions each byte arrives the delay after it has
/// left, and no connection has more on the way than TCP's receive window of a common Linux would let it: so one alone does not
/// fill the link. What it has not: lost packets, a slow start, a delay of the handshake.
/// </remarks>
internal sealed class LongLink : IAsyncDisposable
{
    private const int PieceSizeBytes = 16 << 10;

    /// <summary>Half of <c>tcp_rmem</c>'s most, 6 MiB, as half of it is for the kernel's own.</summary>
    private const int WindowBytes = 3 << 20;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly int _target;
    private readonly long _bytesPerSecond;
    private readonly TimeSpan _delay;
    private readonly Task _accepting;
    private long _freeAt;

    /// <summary>Opens it.</summary>
    /// <param name="target">The port that it leads to.</param>
    /// <param name="bytesPerSecond">Of all answers together.</param>
    /// <param name="delay">Of each direction.</param>
    public LongLink(int target, long bytesPerSecond, TimeSpan delay)
    {
        (_target, _bytesPerSecond, _delay) = (target, bytesPerSecond, delay);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ConnectAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ConnectAsync(TcpClient near)
    {
        using var far = new TcpClient { NoDelay = true };
        using var _ = near;
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            await Task.WhenAny(
                CarryAsync(near.Client, far.Client, isShaped: false),
                CarryAsync(far.Client, near.Client, isShaped: true)
            );
        }
        catch (Exception broken) when (broken is SocketException or OperationCanceledException)
        {
            // Whoever is at the other end sees it.
        }
    }

    private async Task CarryAsync(Socket from, Socket to, bool isShaped)
    {
        var onTheWay = Channel.CreateBounded<Piece>(WindowBytes / PieceSizeBytes);
        var delivering = DeliverAsync(onTheWay.Reader, to);
        try
        {
            while (true)
            {
                var bytes = new byte[PieceSizeBytes];
                var read = await from.ReceiveAsync(bytes, _end.Token);
                if (read == 0)
                    break;
                // It leaves when the window has room for it.
                await onTheWay.Writer.WaitToWriteAsync(_end.Token);
                onTheWay.Writer.TryWrite(new Piece(bytes.AsMemory(0, read), Leave(isShaped ? read : 0)));
            }
        }
        finally
        {
            onTheWay.Writer.Complete();
            await delivering;
        }
    }

    private async Task DeliverAsync(ChannelReader<Piece> onTheWay, Socket to)
    {
        await foreach (var piece in onTheWay.ReadAllAsync(_end.Token))
        {
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), piece.ArrivesAt);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, _end.Token);
            for (var rest = piece.Bytes; rest.Length > 0; )
                rest = rest[await to.SendAsync(rest, _end.Token)..];
        }
    }

    /// <summary>Puts bytes on the link; returns when they arrive.</summary>
    private long Leave(int bytes)
    {
        lock (_lock)
        {
            _freeAt =
                Math.Max(_freeAt, Stopwatch.GetTimestamp())
                + (long)((double)bytes / _bytesPerSecond * Stopwatch.Frequency);
            return (bytes == 0 ? Stopwatch.GetTimestamp() : _freeAt)
                + (long)(_delay.TotalSeconds * Stopwatch.Frequency);
        }
    }

    private readonly record struct Piece(ReadOnlyMemory<byte> Bytes, long ArrivesAt);
}
