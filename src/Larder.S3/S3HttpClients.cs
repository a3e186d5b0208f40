using System.Net;
using Amazon.Runtime;

namespace Larder.S3;

/// <summary>Gives the SDK connections like those of the other origins: bodies as they are, and no cookies.</summary>
/// <remarks>One for all clients of a connection, so that they share what is open.</remarks>
internal sealed class S3HttpClients : HttpClientFactory, IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            // The SDK follows S3's own redirects, and signs anew for where they lead.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }
    )
    {
        // Each request has its own, as the one for a body ends when its head is there.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _http;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _http.Dispose();
}
