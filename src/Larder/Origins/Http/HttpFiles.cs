using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Larder.Content;

namespace Larder.Origins.Http;

/// <summary>Single files over HTTP: what is known of one before its bytes are fetched, and its bytes.</summary>
internal sealed class HttpFiles(HttpTransport transport)
{
    /// <summary>Begins the version of a file that the server gave no mark of: no other is ever the same.</summary>
    private const string Unmarked = "unknown ";

    private const string Tagged = "etag=";
    private const string Dated = "modified=";

    /// <summary>Asks for length and mark of a file, without its bytes.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path below what is pulled.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="OriginException">It is not there, may not be read, or the server does not answer.</exception>
    public async Task<OriginFile> LookAsync(ModelReference file, string path, CancellationToken cancellationToken)
    {
        OriginFile? looked = null;
        using (var head = await SendAsync(file, HttpMethod.Head, cancellationToken).ConfigureAwait(false))
        {
            if (head.IsSuccessStatusCode)
                looked = Describe(path, head);
            // Signed URLs are often good for GET alone, and some servers do not know HEAD.
            else if (
                head.StatusCode
                is not (HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
            )
                throw HttpFailures.Refused(file, head);
        }
        // Apache leaves the length of an empty file out of its answer to HEAD.
        if (looked?.SizeBytes is not null)
            return looked;
        using var get = await SendAsync(file, HttpMethod.Get, cancellationToken).ConfigureAwait(false);
        return get.IsSuccessStatusCode ? Describe(path, get) : throw HttpFailures.Refused(file, get);
    }

    /// <summary>Opens a file, in the version that was listed.</summary>
    /// <exception cref="OriginException">It changed or vanished since, or the server does not answer.</exception>
    public async Task<Stream> OpenAsync(
        ModelReference file,
        OriginFile listed,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        var response = await SendAsync(file, HttpMethod.Get, cancellationToken, listed.Version, range)
            .ConfigureAwait(false);
        try
        {
            if (
                response.StatusCode
                is HttpStatusCode.PreconditionFailed
                    or HttpStatusCode.NotFound
                    or HttpStatusCode.Gone
            )
                throw HttpFailures.Changed(file);
            if (response.StatusCode != (range is null ? HttpStatusCode.OK : HttpStatusCode.PartialContent))
                throw range is not null && response.StatusCode == HttpStatusCode.OK
                    ? HttpFailures.NoRanges(file)
                    : HttpFailures.Refused(file, response);
            HttpFailures.ThrowIfEncoded(file, response);
            if (IsAnother(response, listed.Version))
                throw HttpFailures.Changed(file);
            if (range is { } part)
                HttpFailures.ThrowIfOtherRange(file, listed.SizeBytes, part, response);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new OriginStream(body, response, range?.Length ?? long.MaxValue);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Who asks: the user information of a reference, if it has any.</summary>
    public static AuthenticationHeaderValue? Authorization(ModelReference reference) =>
        reference.Uri.UserInfo.Length == 0
            ? null
            : new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(reference.Uri.UserInfo)))
            );

    private static OriginFile Describe(string path, HttpResponseMessage response)
    {
        var sizeBytes = response.Content.Headers.ContentLength;
        var mark = MarkOf(response);
        return new OriginFile(
            path,
            sizeBytes,
            mark switch
            {
                null => $"{Unmarked}{Guid.NewGuid():n}",
                // A date has whole seconds: the length tells at least some of what changes within one.
                _ when mark.StartsWith(Dated, StringComparison.Ordinal) => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{mark} size={sizeBytes}"
                ),
                _ => mark,
            },
            HasRanges: response.Headers.AcceptRanges.Contains("bytes") && response.Headers.ETag is { IsWeak: false }
        )
        {
            HasOnlySizeAndTime = mark is not null && EntityTags.RestsOnSizeAndTime(response),
        };
    }

    // A server that marks its files only for GET has changed nothing. Nor has Apache, whose mark of a file is weak while the
    // file's last second lasts, and strong from then on.
    private static bool IsAnother(HttpResponseMessage response, string listed) =>
        MarkOf(response) is { } mark
        && Strong(listed) != Strong(mark)
        && !listed.StartsWith(mark + " size=", StringComparison.Ordinal)
        && !listed.StartsWith(Unmarked, StringComparison.Ordinal);

    private static string Strong(string mark) =>
        mark.StartsWith(Tagged + "W/", StringComparison.Ordinal) ? Tagged + mark[(Tagged.Length + 2)..] : mark;

    private static string? MarkOf(HttpResponseMessage response)
    {
        if (response.Headers.ETag is { } tag)
            return Tagged + tag;
        return response.Content.Headers.LastModified is { } modified
            ? string.Create(CultureInfo.InvariantCulture, $"{Dated}{modified.UtcDateTime:R}")
            : null;
    }

    private Task<HttpResponseMessage> SendAsync(
        ModelReference file,
        HttpMethod method,
        CancellationToken cancellationToken,
        string? version = null,
        ByteRange? range = null
    ) =>
        transport.SendAsync(
            file,
            new HttpAsk(file.Uri)
            {
                Method = method,
                Range = range,
                Authorization = Authorization(file),
                Headers = Condition(version),
            },
            cancellationToken
        );

    private static KeyValuePair<string, string>[] Condition(string? version)
    {
        if (version?.StartsWith(Tagged + '"', StringComparison.Ordinal) == true)
            return [new("If-Match", version[Tagged.Length..])];
        return version?.StartsWith(Dated, StringComparison.Ordinal) == true
            ? [new("If-Unmodified-Since", version[Dated.Length..].Split(" size=")[0])]
            : [];
    }
}
