using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;

namespace Larder.Cli;

/// <summary>Starts a server, and says plainly why it could not.</summary>
internal static class Listening
{
    /// <summary>Starts it, or leaves nothing of it running.</summary>
    /// <exception cref="ListenException">The address is taken, or may not or cannot be listened on.</exception>
    public static async Task ListenAsync(this WebApplication app, string urls, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception failure)
        {
            // What had begun before: a host that is only disposed logs its services as failed.
            await app.StopAsync(CancellationToken.None);
            if (failure is IOException or SocketException or InvalidOperationException)
                throw new ListenException(urls, failure);
            throw;
        }
    }
}
