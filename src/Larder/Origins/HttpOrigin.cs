using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Larder.Content;

namespace Larder.Origins;

/// <summary>Single files over HTTP(S): <c>https://host/models/model.onnx</c>.</summary>
/// <remarks>
/// Redirects are followed by hand, five at most, never from https to http, and user information of the reference is sent to
/// its own host only. A file is pinned to the ETag or date that it was listed with; parts of it are asked for only where the
/// server has a strong ETag, which a mixture of two versions cannot pass.
/// </remarks>
public sealed class HttpOrigin : IOrigin, IDisposable
{
    private const int MaxRedirects = 5;

    /// <summary>Begins the version of a file that the server gave no mark of: no other is ever the same.</summary>
    private const string Unmarked = "unknown ";

    // Made by the first request: most pulls find what they want in the store, and a short command should not wait for this.
    private readonly Lazy<HttpMessageInvoker> _http;
    private readonly TimeSpan _answerTimeout;

    /// <summary>Creates the origin with connections of its own.</summary>
    /// <param name="answerTimeout">How long a server may take to begin its answer; 60 s by default.</param>
    public HttpOrigin(TimeSpan? answerTimeout = null)
    {
        _answerTimeout = answerTimeout ?? TimeSpan.FromSeconds(60);
        _http = new Lazy<HttpMessageInvoker>(Connect);
    }

    /// <inheritdoc/>
    public string Name => "http";

    /// <inheritdoc/>
    public IReadOnlyList<string> Schemes { get; } = ["http", "https"];

    /// <inheritdoc/>
    public async Task<OriginListing> ListAsync(ModelReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var name = Uri.UnescapeDataString(reference.Uri.Segments[^1]);
        if (name.EndsWith('/'))
            throw new ReferenceException(
                reference.Text,
                $"'{reference.Text}' names a directory. Over HTTP Larder reads single files: name one."
            );

        using var head = await SendAsync(HttpMethod.Head, reference, null, cancellationToken).ConfigureAwait(false);
        if (head.IsSuccessStatusCode)
            return Listing(name, head);

        // Signed URLs are often good for GET alone, and some servers do not know HEAD.
        if (
            head.StatusCode
            is not (HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
        )
            throw Refused(reference, head);
        using var get = await SendAsync(HttpMethod.Get, reference, null, cancellationToken).ConfigureAwait(false);
        return get.IsSuccessStatusCode ? Listing(name, get) : throw Refused(reference, get);
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(
        ModelReference reference,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(file);
        var response = await SendAsync(HttpMethod.Get, reference, file.Version, cancellationToken, range)
            .ConfigureAwait(false);
        try
        {
            if (
                response.StatusCode
                is HttpStatusCode.PreconditionFailed
                    or HttpStatusCode.NotFound
                    or HttpStatusCode.Gone
            )
                throw Changed(reference);
            if (response.StatusCode != (range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent))
                throw range is not null && response.StatusCode == HttpStatusCode.OK
                    ? NoRanges(reference)
                    : Refused(reference, response);
            if (response.Content.Headers.ContentEncoding.Count > 0)
                throw new OriginException(
                    OriginFailure.Broken,
                    reference.Text,
                    $"'{reference}' was sent as {string.Join(", ", response.Content.Headers.ContentEncoding)} although plain bytes were asked for. Switch compression off for it at the server."
                );
            if (IsAnother(response, file.Version))
                throw Changed(reference);
            if (range is { } part)
                ThrowIfOtherRange(reference, file, part, response.Content.Headers.ContentRange);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new OriginStream(body, response, range?.Length ?? long.MaxValue);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        if (_http.IsValueCreated)
            _http.Value.Dispose();
    }

    private static HttpMessageInvoker Connect() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(15),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            }
        );

    /// <summary>Where a redirect leads; throws when it leads nowhere that may be gone to.</summary>
    internal static Uri Follow(ModelReference reference, Uri from, Uri? location, int redirects)
    {
        if (redirects == MaxRedirects)
            throw Broken(reference, $"more than {MaxRedirects} redirects");
        if (location is null || !Uri.TryCreate(from, location, out var target))
            throw Broken(reference, "a redirect without a target that can be read");
        if (target.Scheme is not ("http" or "https"))
            throw Broken(reference, $"a redirect to the scheme {target.Scheme}");
        return from.Scheme == "https" && target.Scheme == "http"
            ? throw Broken(reference, "a redirect from https to http")
            : target;
    }

    private static OriginListing Listing(string name, HttpResponseMessage response) =>
        new([
            new OriginFile(
                name,
                response.Content.Headers.ContentLength,
                VersionOf(response) ?? $"{Unmarked}{Guid.NewGuid():n}",
                HasRanges: response.Headers.AcceptRanges.Contains("bytes") && response.Headers.ETag is { IsWeak: false }
            ),
        ]);

    // A server that marks its files only for GET has changed nothing.
    private static bool IsAnother(HttpResponseMessage response, string listed) =>
        VersionOf(response) is { } version
        && version != listed
        && !listed.StartsWith(Unmarked, StringComparison.Ordinal);

    private static string? VersionOf(HttpResponseMessage response)
    {
        if (response.Headers.ETag is { } tag)
            return $"etag={tag}";
        return response.Content.Headers.LastModified is { } modified
            ? string.Create(CultureInfo.InvariantCulture, $"modified={modified.UtcDateTime:R}")
            : null;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        ModelReference reference,
        string? version,
        CancellationToken cancellationToken,
        ByteRange? range = null
    )
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_answerTimeout);
        try
        {
            var uri = new UriBuilder(reference.Uri) { UserName = "", Password = "" }.Uri;
            for (var redirects = 0; ; redirects++)
            {
                using var request = new HttpRequestMessage(method, uri);
                Prepare(request, reference, version, range);
                var response = await _http.Value.SendAsync(request, timeout.Token).ConfigureAwait(false);
                if (!IsRedirect(response))
                    return response;
                using (response)
                    uri = Follow(reference, uri, response.Headers.Location, redirects);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable(
                reference,
                string.Create(CultureInfo.InvariantCulture, $"no answer within {_answerTimeout.TotalSeconds} s"),
                null
            );
        }
        catch (HttpRequestException failure)
        {
            throw Unavailable(reference, failure.Message, failure);
        }
    }

    private static void Prepare(HttpRequestMessage request, ModelReference reference, string? version, ByteRange? range)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", "larder");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (version?.StartsWith("etag=\"", StringComparison.Ordinal) == true)
            request.Headers.TryAddWithoutValidation("If-Match", version["etag=".Length..]);
        else if (version?.StartsWith("modified=", StringComparison.Ordinal) == true)
            request.Headers.TryAddWithoutValidation("If-Unmodified-Since", version["modified=".Length..]);

        if (range is { } part)
            request.Headers.Range = new RangeHeaderValue(part.Offset, part.Offset + part.Length - 1);

        var isOwnHost =
            Uri.Compare(
                request.RequestUri,
                reference.Uri,
                UriComponents.SchemeAndServer,
                UriFormat.Unescaped,
                StringComparison.OrdinalIgnoreCase
            ) == 0;
        if (reference.Uri.UserInfo.Length > 0 && isOwnHost)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(reference.Uri.UserInfo)))
            );
    }

    private static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    private static OriginException Refused(ModelReference reference, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var said = string.Create(CultureInfo.InvariantCulture, $"the server answered {status} {response.ReasonPhrase}");
        return status switch
        {
            404 or 410 => new OriginException(
                OriginFailure.NotFound,
                reference.Text,
                $"There is nothing at '{reference}': {said}. Check the reference."
            ),
            401 or 403 or 407 => new OriginException(
                OriginFailure.Denied,
                reference.Text,
                $"'{reference}' may not be read: {said}. Check the credentials."
            ),
            408 or 429 or >= 500 => Unavailable(reference, said, null, RetryAfter(response)),
            _ => Broken(reference, said),
        };
    }

    // RFC 9110, 10.2.3: seconds, or a date. The date is the server's, and so is the one that it is measured by.
    private static TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when response.Headers.Date is { } now && date > now => date - now,
            _ => null,
        };

    private static void ThrowIfOtherRange(
        ModelReference reference,
        OriginFile file,
        ByteRange asked,
        ContentRangeHeaderValue? sent
    )
    {
        if (
            sent?.From != asked.Offset
            || sent.To != asked.Offset + asked.Length - 1
            || (sent.Length is { } length && length != file.SizeBytes)
        )
            throw Broken(
                reference,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"bytes {asked.Offset}-{asked.Offset + asked.Length - 1}/{file.SizeBytes} were asked for, and '{sent}' was sent"
                )
            );
    }

    private static OriginException NoRanges(ModelReference reference) =>
        new(
            OriginFailure.NoRanges,
            reference.Text,
            $"'{reference}' was sent whole where a part was asked for, although its server says that it has parts."
        );

    private static OriginException Changed(ModelReference reference) =>
        new(
            OriginFailure.Changed,
            reference.Text,
            $"'{reference}' changed or vanished after it was listed. Pull again when it is complete."
        );

    private static OriginException Broken(ModelReference reference, string what) =>
        new(OriginFailure.Broken, reference.Text, $"'{reference}' cannot be read: {what}.");

    private static OriginException Unavailable(
        ModelReference reference,
        string what,
        Exception? inner,
        TimeSpan? retryAfter = null
    ) =>
        new(
            OriginFailure.Unavailable,
            reference.Text,
            $"'{reference}' cannot be reached: {what}. Try again later.",
            inner
        )
        {
            RetryAfter = retryAfter,
        };
}
