using System.Net;
using Amazon.Runtime;

namespace Larder.S3;

/// <summary>Gives the SDK connections like those of the other origins: bodies as they are, and no cookies.</summary>
/// <remarks>One for all clients of a connection, so that they share what is open.</remarks>
internal sealed class S3HttpClients : HttpClientFactory, IDisposable
{
    // A body up to this length is sent without asking first: to ask takes a round trip, which such a body does not.
    private const long UnaskedBytes = 64 << 10;

    private readonly AsyncLocal<S3Note?> _note = new();
    private readonly HttpClient _http;

    public S3HttpClients() =>
        _http = new HttpClient(
            new Unasked
            {
                InnerHandler = new Noting(_note)
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
                },
            }
        )
        {
            // Each request has its own, as the one for a body ends when its head is there.
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <summary>When the server gave the last answer to what was sent since <see cref="NoteSending"/>; null without one.</summary>
    public DateTimeOffset? ServerTime => _note.Value?.ServerTime;

    /// <summary>Notes what is sent and answered in the calls that the caller makes from now on.</summary>
    /// <remarks>Until something is sent the SDK only looks for credentials: so a failure tells which of the two it is.</remarks>
    public S3Note NoteSending() => _note.Value = new S3Note();

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _http;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _http.Dispose();

    /// <summary>Takes back the SDK's "Expect: 100-continue", with which it sends every body.</summary>
    /// <remarks>
    /// A short one .NET sends even where the answer is a refusal, to keep the connection; Ceph's gateway waits for none then, and
    /// takes it for the beginning of the next request.
    /// </remarks>
    private sealed class Unasked : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (request.Content?.Headers.ContentLength is <= UnaskedBytes)
                request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Noting(AsyncLocal<S3Note?> noted) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (noted.Value is not { } note)
                return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            note.IsSent = true;
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            note.ServerTime = response.Headers.Date;
            return response;
        }
    }
}
