using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Identity;
using Larder.Sharing;

namespace Larder.Azure;

/// <summary>The part of a container that a team shares, and how it is asked.</summary>
internal sealed class BlobContainer : IDisposable
{
    // Slower than anything that is still of use; a link that has stalled is noticed all the same.
    private const long LeastBytesPerSecond = 64 << 10;

    private readonly BlobPlace _place;
    private readonly string _prefix;
    private readonly TimeSpan _answerTimeout;
    private readonly TimeProvider _timeProvider;
    private readonly BlobAccounts _accounts;

    public BlobContainer(
        BlobPlace place,
        string location,
        AzureBlobOptions options,
        Func<HttpMessageHandler>? connect,
        TimeProvider timeProvider
    )
    {
        _place = place;
        _prefix = place.IsPrefix ? place.Name : place.Name + "/";
        _answerTimeout = options.AnswerTimeout;
        _timeProvider = timeProvider;
        _accounts = new BlobAccounts(options, connect, timeProvider);
        Failures = new BlobStoreFailures(location, place);
    }

    public BlobStoreFailures Failures { get; }

    /// <summary>The whole name of an object's blob, or what all names begin with.</summary>
    public string BlobOf(string name) => _prefix + name;

    /// <summary>The name of an object; null for a blob that is none of ours.</summary>
    public string? NameOf(string blob) =>
        blob.StartsWith(_prefix, StringComparison.Ordinal) ? blob[_prefix.Length..] : null;

    /// <summary>Sends one request of an object, or of the container.</summary>
    /// <param name="method">What to do.</param>
    /// <param name="name">With which object; null for the container.</param>
    /// <param name="query">The query of the request; empty for none.</param>
    /// <param name="prepare">Adds headers and a body.</param>
    /// <param name="expected">Which answers the caller reads; another is a failure, and so is a container that is not there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="bodyBytes">How much goes with it, for which the service has time besides.</param>
    /// <returns>The message with its answer, which the caller disposes.</returns>
    /// <exception cref="SharedStoreException">It was not answered, or not so.</exception>
    public async Task<HttpMessage> SendAsync(
        RequestMethod method,
        string? name,
        string query,
        Action<Request>? prepare,
        ReadOnlyMemory<int> expected,
        CancellationToken cancellationToken,
        long bodyBytes = 0
    )
    {
        var access = Access();
        var path = name is null ? $"/{_place.Container}" : BlobService.PathOf(_place, BlobOf(name));
        var message = BlobService.Prepare(access, method, path, query);
        try
        {
            message.NetworkTimeout = _answerTimeout + TimeSpan.FromSeconds(bodyBytes / LeastBytesPerSecond);
            prepare?.Invoke(message.Request);
            await SendAsync(access, message, cancellationToken).ConfigureAwait(false);
            return IsExpected(message.Response, expected.Span)
                ? message
                : throw Failures.Refused(access, message.Response, _timeProvider.GetUtcNow());
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    /// <summary>The object that an answer is of.</summary>
    public SharedObject Describe(string name, long? sizeBytes, Response response)
    {
        if (sizeBytes is null && response.Headers.TryGetValue("Content-Length", out var text))
            sizeBytes = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var told)
                ? told
                : null;
        return response.Headers.TryGetValue("ETag", out var tag) && sizeBytes is { } length
            ? new SharedObject(name, length, tag.Trim('"'), ModifiedOf(response))
            : throw Failures.Broken($"the service told no ETag or no length of '{name}'");
    }

    public void Dispose() => _accounts.Dispose();

    /// <summary>Whether what was sent or received broke off on the way, and not because the caller wanted it.</summary>
    public static bool IsInterruption(Exception failure, CancellationToken cancellationToken) =>
        failure is RequestFailedException or IOException or HttpRequestException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private DateTimeOffset ModifiedOf(Response response) =>
        response.Headers.TryGetValue("Last-Modified", out var text)
        && DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.None, out var modified)
            ? modified
            : response.Headers.Date ?? _timeProvider.GetUtcNow();

    private BlobAccess Access()
    {
        try
        {
            return _accounts.For(_place);
        }
        catch (LarderException failure)
        {
            throw Failures.BeforeSending(failure);
        }
    }

    private async Task SendAsync(BlobAccess access, HttpMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await access.Pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationFailedException nobody)
        {
            throw Failures.NobodySignedIn(nobody);
        }
        catch (Exception failure) when (IsInterruption(failure, cancellationToken))
        {
            throw Failures.Unreachable(failure);
        }
    }

    // A status that the caller reads may have another reason: no container, a lease that somebody took by other means.
    private static bool IsExpected(Response response, ReadOnlySpan<int> expected) =>
        expected.Contains(response.Status)
        && (response.Status, BlobFailures.CodeOf(response)) switch
        {
            (404, "ContainerNotFound") or (412, "LeaseIdMissing") => false,
            (409, var code) => code == "BlobAlreadyExists",
            _ => true,
        };
}
