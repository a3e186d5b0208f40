using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Larder.Content;
using Larder.Origins.Http;

namespace Larder.Origins;

/// <summary>Single files over HTTP(S): <c>https://host/models/model.onnx</c>.</summary>
/// <remarks>
/// Redirects are followed by hand, five at most, never from https to http, and user information of the reference is sent to
/// its own host only. A file is pinned to the ETag or date that it was listed with; parts of it are asked for only where the
/// server has a strong ETag, which a mixture of two versions cannot pass.
/// </remarks>
public sealed class HttpOrigin : IOrigin, IDisposable
{
    /// <summary>Begins the version of a file that the server gave no mark of: no other is ever the same.</summary>
    private const string Unmarked = "unknown ";

    private readonly HttpTransport _transport;

    /// <summary>Creates the origin with connections of its own.</summary>
    /// <param name="answerTimeout">How long a server may take to begin its answer; 60 s by default.</param>
    /// <param name="allowPrivateAddresses">Whether references of callers may lead to private addresses; false.</param>
    public HttpOrigin(TimeSpan? answerTimeout = null, bool allowPrivateAddresses = false) =>
        _transport = new HttpTransport(answerTimeout, allowPrivateAddresses);

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

        using var head = await SendAsync(reference, HttpMethod.Head, cancellationToken).ConfigureAwait(false);
        if (head.IsSuccessStatusCode)
            return Listing(name, head);

        // Signed URLs are often good for GET alone, and some servers do not know HEAD.
        if (
            head.StatusCode
            is not (HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
        )
            throw HttpFailures.Refused(reference, head);
        using var get = await SendAsync(reference, HttpMethod.Get, cancellationToken).ConfigureAwait(false);
        return get.IsSuccessStatusCode ? Listing(name, get) : throw HttpFailures.Refused(reference, get);
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
        var response = await SendAsync(reference, HttpMethod.Get, cancellationToken, file.Version, range)
            .ConfigureAwait(false);
        try
        {
            if (
                response.StatusCode
                is HttpStatusCode.PreconditionFailed
                    or HttpStatusCode.NotFound
                    or HttpStatusCode.Gone
            )
                throw HttpFailures.Changed(reference);
            if (response.StatusCode != (range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent))
                throw range is not null && response.StatusCode == HttpStatusCode.OK
                    ? HttpFailures.NoRanges(reference)
                    : HttpFailures.Refused(reference, response);
            HttpFailures.ThrowIfEncoded(reference, response);
            if (IsAnother(response, file.Version))
                throw HttpFailures.Changed(reference);
            if (range is { } part)
                HttpFailures.ThrowIfOtherRange(reference, file.SizeBytes, part, response);
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
    public void Dispose() => _transport.Dispose();

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

    private Task<HttpResponseMessage> SendAsync(
        ModelReference reference,
        HttpMethod method,
        CancellationToken cancellationToken,
        string? version = null,
        ByteRange? range = null
    ) =>
        _transport.SendAsync(
            reference,
            new HttpAsk(reference.Uri)
            {
                Method = method,
                Range = range,
                Authorization = Authorization(reference),
                Headers = Condition(version),
            },
            cancellationToken
        );

    private static KeyValuePair<string, string>[] Condition(string? version)
    {
        if (version?.StartsWith("etag=\"", StringComparison.Ordinal) == true)
            return [new("If-Match", version["etag=".Length..])];
        return version?.StartsWith("modified=", StringComparison.Ordinal) == true
            ? [new("If-Unmodified-Since", version["modified=".Length..])]
            : [];
    }

    private static AuthenticationHeaderValue? Authorization(ModelReference reference) =>
        reference.Uri.UserInfo.Length == 0
            ? null
            : new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(reference.Uri.UserInfo)))
            );
}
