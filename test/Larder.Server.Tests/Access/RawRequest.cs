using System.Net.Sockets;
using System.Text;

namespace Larder.Server.Tests.Access;

/// <summary>Requests that no well-behaved client sends.</summary>
internal static class RawRequest
{
    /// <summary>Sends bytes as they are, and returns the answer to the end of the connection.</summary>
    public static async Task<string> SendAsync(Uri server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
