using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;

namespace Larder.S3;

/// <summary>Gives the SDK connections like those of the other origins: bodies as they are, and no cookies.</summary>
/// <remarks>One for all clients of a connection, so that they share what is open.</remarks>
internal sealed class S3HttpClients : HttpClientFactory, IDisposable
{
    private readonly AsyncLocal<StrongBox<bool>?> _isSent = new();
    private readonly HttpClient _http;

    public S3HttpClients() =>
        _http = new HttpClient(
            new Noting(_isSent)
            {
                InnerHandler = new SocketsHttpHandler
                {
                    // The SDK follows S3's own redirects, and signs anew for where they lead.
                    AllowAutoRedirect = false,
                    AutomaticDecompression = DecompressionMethods.None,
                    UseCookies = false,
                    ConnectTimeout = TimeSpan.FromSeconds(15),
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                },
            }
        )
        {
            // Each request has its own, as the one for a body ends when its head is there.
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <summary>Becomes true when something is sent in the calls that the caller makes from now on.</summary>
    /// <remarks>Until then the SDK only looks for credentials: so a failure tells which of the two it is.</remarks>
    public StrongBox<bool> NoteSending() => _isSent.Value = new StrongBox<bool>();

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _http;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _http.Dispose();

    private sealed class Noting(AsyncLocal<StrongBox<bool>?> isSent) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (isSent.Value is { } note)
                note.Value = true;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
