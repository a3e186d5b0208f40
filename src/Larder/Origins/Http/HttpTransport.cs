using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Larder.Origins.Http;

/// <summary>Sends the requests of an origin.</summary>
/// <remarks>
/// Redirects are followed by hand, five at most, never from https to http, and credentials go to the host that was asked
/// first and to no other. Requests for a reference that came from a caller over the network reach public addresses only: each
/// address is looked at after its name was resolved, and that very address is connected to.
/// </remarks>
internal sealed class HttpTransport : IDisposable
{
    private const int MaxRedirects = 5;

    // Made by the first request: most pulls find what they want in the store, and a short command should not wait for this.
    private readonly Lazy<HttpMessageInvoker> _http = new(() => new(NewHandler(guarded: false)));
    private readonly Lazy<HttpMessageInvoker> _guarded = new(() => new(NewHandler(guarded: true)));
    private readonly bool _allowPrivateAddresses;
    private readonly TimeSpan _answerTimeout;

    /// <summary>Creates it with connections of its own.</summary>
    /// <param name="answerTimeout">How long a server may take to begin its answer; 60 s by default.</param>
    /// <param name="allowPrivateAddresses">Whether references of callers may lead to private addresses too.</param>
    public HttpTransport(TimeSpan? answerTimeout = null, bool allowPrivateAddresses = false)
    {
        _answerTimeout = answerTimeout ?? TimeSpan.FromSeconds(60);
        _allowPrivateAddresses = allowPrivateAddresses;
    }

    /// <summary>Sends a request and follows where it is led; returns the answer as soon as its head is there.</summary>
    /// <returns>An answer that is no redirect; its <see cref="HttpResponseMessage.RequestMessage"/> tells where it came from.</returns>
    /// <exception cref="OriginException">No answer came, or a redirect leads nowhere that may be gone to.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        ModelReference reference,
        HttpAsk ask,
        CancellationToken cancellationToken
    )
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_answerTimeout);
        var http = reference.IsUntrusted && !_allowPrivateAddresses ? _guarded.Value : _http.Value;
        try
        {
            var first = new UriBuilder(ask.Uri) { UserName = "", Password = "" }.Uri;
            var uri = first;
            for (var redirects = 0; ; redirects++)
            {
                // Not disposed: the answer belongs to it, and it has no body to be disposed of.
                var request = Prepare(ask, uri, first);
                var response = await http.SendAsync(request, timeout.Token).ConfigureAwait(false);
                response.RequestMessage ??= request;
                if (!IsRedirect(response))
                    return response;
                using (response)
                    uri = Follow(reference, uri, response.Headers.Location, redirects);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw HttpFailures.Unavailable(
                reference,
                string.Create(CultureInfo.InvariantCulture, $"no answer within {_answerTimeout.TotalSeconds} s")
            );
        }
        catch (HttpRequestException failure) when (failure.InnerException is PrivateAddressException refused)
        {
            throw new OriginException(
                OriginFailure.Denied,
                reference.Text,
                $"'{reference}' leads to an address of a private network ({refused.Message}), where references of callers may not go. The operator can name the model in the configuration, or set origins.http.allow_private_addresses.",
                refused
            );
        }
        catch (HttpRequestException failure)
        {
            // What happened on the connection tells more than that something did.
            var what = failure.InnerException is IOException broken ? broken.Message : failure.Message;
            throw HttpFailures.Unavailable(reference, what.TrimEnd('.'), failure);
        }
    }

    /// <summary>Reads the body of an answer that is a document and not a file.</summary>
    /// <param name="reference">What was asked for.</param>
    /// <param name="response">The answer.</param>
    /// <param name="mostBytes">How long it may be.</param>
    /// <param name="cancellationToken">Ends the reading; each part of the body may take as long as an answer.</param>
    /// <exception cref="OriginException">It is longer, or broke off.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(
        ModelReference reference,
        HttpResponseMessage response,
        int mostBytes,
        CancellationToken cancellationToken
    )
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = body.ConfigureAwait(false);
            using var bytes = new MemoryStream();
            var buffer = new byte[1 << 16];
            while (true)
            {
                timeout.CancelAfter(_answerTimeout);
                var read = await body.ReadAsync(buffer, timeout.Token).ConfigureAwait(false);
                if (read == 0)
                    return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
                if (bytes.Length + read > mostBytes)
                    throw HttpFailures.Broken(
                        reference,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"the answer has {response.Content.Headers.ContentLength ?? (bytes.Length + read)} bytes or more, and {mostBytes} are the limit"
                        )
                    );
                bytes.Write(buffer, 0, read);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw HttpFailures.Unavailable(
                reference,
                string.Create(CultureInfo.InvariantCulture, $"not a byte came for {_answerTimeout.TotalSeconds} s")
            );
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            throw HttpFailures.Unavailable(reference, $"it broke off ({broken.Message.TrimEnd('.')})", broken);
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        foreach (var http in new[] { _http, _guarded })
        {
            if (http.IsValueCreated)
                http.Value.Dispose();
        }
    }

    /// <summary>Where a redirect leads; throws when it leads nowhere that may be gone to.</summary>
    internal static Uri Follow(ModelReference reference, Uri from, Uri? location, int redirects)
    {
        if (redirects == MaxRedirects)
            throw HttpFailures.Broken(reference, $"more than {MaxRedirects} redirects");
        if (location is null || !Uri.TryCreate(from, location, out var target))
            throw HttpFailures.Broken(reference, "a redirect without a target that can be read");
        if (target.Scheme is not ("http" or "https"))
            throw HttpFailures.Broken(reference, $"a redirect to the scheme {target.Scheme}");
        // What comes from there is a page about the directory, and no file of a model.
        if (target.AbsolutePath == from.AbsolutePath + "/" && !reference.Text.EndsWith('/'))
            throw HttpFailures.Broken(
                reference,
                $"at the server it is a directory. Pull all of its files with a slash at the end, '{reference}/', or name one of them"
            );
        return from.Scheme == "https" && target.Scheme == "http"
            ? throw HttpFailures.Broken(reference, "a redirect from https to http")
            : target;
    }

    private static HttpRequestMessage Prepare(HttpAsk ask, Uri uri, Uri first)
    {
        var request = new HttpRequestMessage(ask.Method, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", "larder");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        foreach (var (name, value) in ask.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (ask.Range is { } part)
            request.Headers.Range = new RangeHeaderValue(part.Offset, part.Offset + part.Length - 1);
        if (IsSameHost(uri, first))
            request.Headers.Authorization = ask.Authorization;
        return request;
    }

    /// <summary>Whether two addresses are of one host and port, reached in the same way.</summary>
    internal static bool IsSameHost(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase)
        == 0;

    private static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    /// <summary>Connections that follow no redirect and change no byte.</summary>
    /// <param name="guarded">Whether they lead to public addresses only.</param>
    internal static SocketsHttpHandler NewHandler(bool guarded)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (guarded)
        {
            // A proxy would resolve the name anew, and nobody would look at what it finds.
            handler.UseProxy = false;
            handler.ConnectCallback = ConnectToPublicAsync;
        }
        return handler;
    }

    private static async ValueTask<Stream> ConnectToPublicAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken)
            .ConfigureAwait(false);
        // All of them: a name that leads to a private address as well is not one to trust.
        if (Array.Find(addresses, address => !PublicAddresses.Contains(address)) is { } refused)
            throw new PrivateAddressException(refused);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
