using System.Net.Sockets;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>Sends requests as they are over one connection, which is made anew where the server ended it.</summary>
internal sealed class WireClient(Uri server) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TcpClient? _client;
    private WireReader? _reader;

    /// <summary>Sends one and reads its answer; null where the server ended the connection without one.</summary>
    /// <exception cref="TimeoutException">No answer came.</exception>
    public async Task<FuzzAnswer?> SendAsync(FuzzRequest request, CancellationToken cancellationToken)
    {
        var isUsed = _client is not null;
        var answer = await SendOnceAsync(request, cancellationToken);
        // A server may end a connection that was used before at any time, and a client then takes another.
        return answer is null && isUsed ? await SendOnceAsync(request, cancellationToken) : answer;
    }

    public void Dispose()
    {
        _client?.Dispose();
        _client = null;
    }

    private async Task<FuzzAnswer?> SendOnceAsync(FuzzRequest request, CancellationToken cancellationToken)
    {
        if (_client is null)
        {
            _client = new TcpClient { NoDelay = true };
            await _client.ConnectAsync(server.Host, server.Port, cancellationToken);
            _reader = new WireReader(_client.GetStream());
        }
        var keeps = false;
        try
        {
            // At once, as the server may answer before it has read everything.
            var sending = SendAsync(_client, request, cancellationToken);
            var answer = await FuzzAnswer
                .ReadAsync(_reader!, request.Method, cancellationToken)
                .WaitAsync(Patience, cancellationToken);
            var hasSent = await sending.WaitAsync(Patience, cancellationToken);
            keeps = answer?.KeepsConnection == true && hasSent && request.IsWellFormed;
            return answer;
        }
        catch (IOException)
        {
            return null; // Reset: the server had not read all of it.
        }
        catch (InvalidDataException) when (request.Framing is Framing.CutOff)
        {
            return null; // Kestrel ends the connection as soon as it sees that the request has ended in the middle.
        }
        finally
        {
            if (!keeps)
                Dispose();
        }
    }

    private static async Task<bool> SendAsync(
        TcpClient client,
        FuzzRequest request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await client.GetStream().WriteAsync(request.ToBytes(), cancellationToken);
            if (request.Framing is Framing.CutOff)
                client.Client.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (Exception failure) when (failure is IOException or SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
