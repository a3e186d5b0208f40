using System.Globalization;
using System.Net.Http.Headers;
using System.Xml;
using Azure;
using Azure.Core;
using Azure.Identity;
using Larder.Content;
using Larder.Origins;
using Larder.Origins.Http;

namespace Larder.Azure;

/// <summary>The few calls of the Blob service that an origin needs, over the pipeline of Azure's libraries.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api</remarks>
internal sealed class BlobService(
    AzureBlobOptions options,
    Func<HttpMessageHandler>? connect,
    TimeProvider timeProvider
) : IDisposable
{
    /// <summary>The version of the protocol.</summary>
    private const string Version = "2021-12-02";

    private const int PageSize = 5000;

    private readonly BlobAccounts _accounts = new(options, connect, timeProvider);

    /// <summary>Lists a page of the blobs below a prefix.</summary>
    public async Task<BlobListPage> ListAsync(BlobPlace place, string? marker, CancellationToken cancellationToken)
    {
        var query = string.Create(
            CultureInfo.InvariantCulture,
            $"restype=container&comp=list&include=metadata&maxresults={PageSize}&prefix={Uri.EscapeDataString(place.Name)}"
        );
        if (marker is not null)
            query += $"&marker={Uri.EscapeDataString(marker)}";
        var access = _accounts.For(place);
        using var message = Prepare(access, RequestMethod.Get, $"/{place.Container}", query);
        var response = await SendAsync(place, access, message, cancellationToken).ConfigureAwait(false);
        if (response.Status != 200)
            throw Refused(place, $"'{place.Reference}'", access, response);
        try
        {
            return await BlobListPage.ReadAsync(response.ContentStream!, cancellationToken).ConfigureAwait(false);
        }
        catch (XmlException unreadable)
        {
            throw BlobFailures.Broken(
                place.Reference,
                $"the service's list cannot be read ({unreadable.Message.TrimEnd('.')})",
                unreadable
            );
        }
        catch (Exception broken) when (IsInterruption(broken, cancellationToken))
        {
            throw BlobFailures.Unavailable(place.Reference, broken.Message, broken);
        }
    }

    /// <summary>Looks at the blob that a place names.</summary>
    public async Task<ListedBlob> LookAsync(BlobPlace place, CancellationToken cancellationToken)
    {
        var access = _accounts.For(place);
        using var message = Prepare(access, RequestMethod.Head, PathOf(place, place.Name), VersionOf(place));
        var response = await SendAsync(place, access, message, cancellationToken).ConfigureAwait(false);
        if (response.Status != 200)
            throw Refused(place, $"'{place.Reference}'", access, response);
        if (response.Headers.TryGetValue("x-ms-meta-hdi_isfolder", out var isFolder) && isFolder is "true" or "True")
            throw new ReferenceException(
                place.Reference.Text,
                $"'{place.Reference}' is a directory. Put a slash at its end to name all below it."
            );
        if (
            !response.Headers.TryGetValue("ETag", out var tag)
            || !response.Headers.TryGetValue("Content-Length", out var text)
            || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sizeBytes)
        )
            throw BlobFailures.Broken(place.Reference, "the service told no ETag or no length of it");
        response.Headers.TryGetValue("Content-MD5", out var md5);
        return new ListedBlob(place.Name, sizeBytes, ListedBlob.Quoted(tag), ListedBlob.Md5Of(md5), IsDirectory: false);
    }

    /// <summary>Opens a blob, in the version that was listed.</summary>
    public async Task<Stream> OpenAsync(
        BlobPlace place,
        string name,
        OriginFile file,
        ByteRange? range,
        CancellationToken cancellationToken
    )
    {
        var access = _accounts.For(place);
        var message = Prepare(access, RequestMethod.Get, PathOf(place, name), VersionOf(place));
        try
        {
            message.Request.Headers.Add("If-Match", file.Version);
            if (range is { } asked)
                message.Request.Headers.Add(
                    "x-ms-range",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"bytes={asked.Offset}-{asked.Offset + asked.Length - 1}"
                    )
                );
            var response = await SendAsync(place, access, message, cancellationToken).ConfigureAwait(false);
            var subject = place.IsPrefix ? $"'{file.Path}' of '{place.Reference}'" : $"'{place.Reference}'";
            // A length that was listed is no longer right where a part of it lies behind the end.
            if (response.Status is 404 or 412 or 416)
                throw BlobFailures.Changed(place.Reference, subject);
            if (response.Status != (range is null ? 200 : 206))
                throw Refused(place, subject, access, response);
            if (response.Headers.TryGetValue("ETag", out var tag) && ListedBlob.Quoted(tag) != file.Version)
                throw BlobFailures.Changed(place.Reference, subject);
            if (range is { } part)
                ThrowIfOtherRange(place, subject, file, part, response);
            return new OriginStream(message.ExtractResponseContent()!, message, range?.Length ?? long.MaxValue);
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    public void Dispose() => _accounts.Dispose();

    /// <summary>The path of a blob, below the account's address.</summary>
    public static string PathOf(BlobPlace place, string name) =>
        $"/{place.Container}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";

    private static string VersionOf(BlobPlace place) => place.VersionId is { } version ? $"versionid={version}" : "";

    /// <summary>Makes a request that is not sent yet.</summary>
    public static HttpMessage Prepare(BlobAccess access, RequestMethod method, string path, string query)
    {
        var message = access.Pipeline.CreateMessage();
        message.BufferResponse = false;
        message.Request.Method = method;
        var all = string.Join('&', new[] { query, access.Signature }.Where(part => part is { Length: > 0 }));
        message.Request.Uri.Reset(
            new Uri(access.Endpoint.AbsoluteUri.TrimEnd('/') + path + (all.Length > 0 ? '?' + all : ""))
        );
        message.Request.Headers.Add("x-ms-version", Version);
        return message;
    }

    private static async Task<Response> SendAsync(
        BlobPlace place,
        BlobAccess access,
        HttpMessage message,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await access.Pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
            return message.Response;
        }
        catch (Exception refused) when (refused is AuthenticationFailedException)
        {
            throw new OriginException(
                OriginFailure.Denied,
                place.Reference.Text,
                $"'{place.Reference}' cannot be asked for, as nobody is signed in to Azure who could. Sign in with 'az login', give this machine an identity, set {AzureBlobOptions.ConnectionStringVariable}, or add a shared access signature to the reference.",
                refused
            );
        }
        catch (Exception failure) when (PrivateAddress(failure) is { } address)
        {
            throw new OriginException(
                OriginFailure.Denied,
                place.Reference.Text,
                $"'{place.Reference}' leads to an address of a private network ({address.Message}), where references of callers may not go. The operator can name the model in the configuration.",
                failure
            );
        }
        catch (Exception failure) when (IsInterruption(failure, cancellationToken))
        {
            throw BlobFailures.Unavailable(place.Reference, failure.Message, failure);
        }
    }

    private OriginException Refused(BlobPlace place, string subject, BlobAccess access, Response response) =>
        BlobFailures.Refused(place, subject, access, response, timeProvider.GetUtcNow());

    private static bool IsInterruption(Exception failure, CancellationToken cancellationToken) =>
        failure is RequestFailedException or IOException or HttpRequestException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static PrivateAddressException? PrivateAddress(Exception? failure)
    {
        while (failure is not (null or PrivateAddressException))
            failure = failure.InnerException;
        return (PrivateAddressException?)failure;
    }

    private static void ThrowIfOtherRange(
        BlobPlace place,
        string subject,
        OriginFile file,
        ByteRange asked,
        Response response
    )
    {
        response.Headers.TryGetValue("Content-Range", out var text);
        if (
            !ContentRangeHeaderValue.TryParse(text, out var sent)
            || sent.From != asked.Offset
            || sent.To != asked.Offset + asked.Length - 1
            || (sent.Length is { } length && length != file.SizeBytes)
        )
            throw BlobFailures.Broken(
                place.Reference,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"of {subject} bytes {asked.Offset}-{asked.Offset + asked.Length - 1}/{file.SizeBytes} were asked for, and '{text}' was sent"
                )
            );
    }
}
