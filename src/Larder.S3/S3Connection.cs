using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Amazon.S3.Model;
using Larder.Origins;

namespace Larder.S3;

/// <summary>The SDK's clients. To name this type loads the SDK, so that only who has something to ask should.</summary>
/// <remarks>
/// There are two. Questions are asked again by the SDK, which also finds the region of a bucket and the difference of the
/// clocks that way. Bodies are asked for once: the transfer knows by itself what is worth another try.
/// </remarks>
internal sealed class S3Connection : IDisposable
{
    private const int QuestionRetries = 1;

    // Slower than anything that is still of use; a link that has stalled is noticed all the same.
    private const long LeastBytesPerSecond = 64 << 10;

    private readonly S3HttpClients _http = new();
    private readonly AmazonS3Client _once;
    private readonly TimeSpan _answerTimeout;

    /// <summary>Makes the clients; nothing is sent.</summary>
    /// <exception cref="ArgumentException">The environment or the profile names a server or region that cannot be one.</exception>
    public S3Connection(S3OriginOptions options, bool isAnonymous)
    {
        _answerTimeout = options.AnswerTimeout;
        var endpoint = options.Endpoint ?? EndpointOfTheEnvironment();
        var region = options.Region ?? RegionOfTheEnvironment();
        Place = endpoint ?? $"AWS in {region}";
        IsAnonymous = isAnonymous;
        ChecksWholeObjects = options.Checksums == S3Checksums.WhenSupported;
        Asking = Connect(options, endpoint, region, QuestionRetries);
        _once = Connect(options, endpoint, region, retries: 0);
    }

    /// <summary>Where it leads to, for messages.</summary>
    public string Place { get; }

    public bool IsAnonymous { get; }

    /// <summary>Whether the SDK holds an object that is read whole against the server's checksums.</summary>
    public bool ChecksWholeObjects { get; }

    /// <summary>For questions.</summary>
    public AmazonS3Client Asking { get; }

    /// <summary>When the server gave its last answer by its own clock, inside what <see cref="SendAsync{TAnswer}(IS3Failures, Func{CancellationToken, Task{TAnswer}}, long, CancellationToken)"/> calls.</summary>
    public DateTimeOffset? ServerTime => _http.ServerTime;

    /// <summary>Asks for a body.</summary>
    public Task<GetObjectResponse> ReadAsync(GetObjectRequest request, CancellationToken cancellationToken) =>
        OnceAsync((client, timeout) => client.GetObjectAsync(request, timeout), cancellationToken);

    /// <summary>Asks once, but for what only the other client can mend.</summary>
    /// <param name="ask">Asks; where it sends a body, one of its own each time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<TAnswer> OnceAsync<TAnswer>(
        Func<AmazonS3Client, CancellationToken, Task<TAnswer>> ask,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await ask(_once, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonServiceException failure) when (S3Failures.IsOfClockOrRegion(failure))
        {
            // To the SDK lists and objects are at two addresses, and what it has learned of one is not said of the other.
            return await ask(Asking, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a request and says in Larder's words why there is no answer.</summary>
    /// <exception cref="OriginException">There is none.</exception>
    public Task<TAnswer> SendAsync<TAnswer>(
        ModelReference reference,
        S3Location location,
        Func<CancellationToken, Task<TAnswer>> send,
        CancellationToken cancellationToken
    ) => SendAsync(new S3OriginFailures(reference, location, this), send, bodyBytes: 0, cancellationToken);

    /// <summary>Sends a request and says in its sender's words why there is no answer.</summary>
    /// <param name="failures">The words.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="bodyBytes">How much goes with it, for which the server has time besides.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<TAnswer> SendAsync<TAnswer>(
        IS3Failures failures,
        Func<CancellationToken, Task<TAnswer>> send,
        long bodyBytes,
        CancellationToken cancellationToken
    )
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answerTimeout = _answerTimeout + TimeSpan.FromSeconds(bodyBytes / LeastBytesPerSecond);
        timeout.CancelAfter(answerTimeout);
        var note = _http.NoteSending();
        try
        {
            return await send(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Whatever the SDK makes of it.
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception) when (timeout.IsCancellationRequested)
        {
            throw failures.NoAnswerIn(answerTimeout);
        }
        catch (AmazonServiceException failure)
        {
            throw failures.Answered(failure);
        }
        catch (Exception failure) when (failure is not LarderException)
        {
            // All of them: the SDK lets through what its parsers and the credentials' own programs throw.
            throw note.IsSent ? failures.NoAnswer(failure) : failures.NoCredentials(failure);
        }
    }

    public void Dispose()
    {
        Asking.Dispose();
        _once.Dispose();
        _http.Dispose();
    }

    private AmazonS3Client Connect(S3OriginOptions options, string? endpoint, string region, int retries)
    {
        var config = new AmazonS3Config
        {
            HttpClientFactory = _http,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = retries,
            // Bodies are read for their hash and for the wire in pieces of this, and 8 KiB are many system calls.
            BufferSize = 128 << 10,
            ForcePathStyle = options.PathStyle ?? endpoint is not null,
            RequestChecksumCalculation = ChecksWholeObjects
                ? RequestChecksumCalculation.WHEN_SUPPORTED
                : RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ChecksWholeObjects
                ? ResponseChecksumValidation.WHEN_SUPPORTED
                : ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        else
            (config.ServiceURL, config.AuthenticationRegion) = (endpoint, region);
        var credentials = IsAnonymous ? new AnonymousAWSCredentials() : options.Credentials;
        return credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }

    private static string? EndpointOfTheEnvironment()
    {
        string? endpoint;
        try
        {
            // To read it looks into the environment and the profile, but what it finds is lost when the region is read.
            endpoint = new AmazonS3Config().ServiceURL;
        }
        catch (AmazonClientException)
        {
            endpoint = "";
        }
        return endpoint is not null && S3OriginOptions.EndpointFault(endpoint) is { } fault
            ? throw new ArgumentException(
                $"AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or the profile's endpoint_url {fault}"
            )
            : endpoint;
    }

    // The SDK itself would also ask the network for the machine's own region, and wait where nobody answers.
    private static string RegionOfTheEnvironment()
    {
        var region = RegionNamed();
        return S3OriginOptions.RegionFault(region) is { } fault
            ? throw new ArgumentException($"AWS_REGION, AWS_DEFAULT_REGION or the profile's region {fault}")
            : region;
    }

    private static string RegionNamed()
    {
        foreach (var variable in new[] { "AWS_REGION", "AWS_DEFAULT_REGION" })
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
                return named;
        }
        var profile = Environment.GetEnvironmentVariable("AWS_PROFILE") is { Length: > 0 } name ? name : "default";
        return new CredentialProfileStoreChain().TryGetProfile(profile, out var found) && found.Region is { } region
            ? region.SystemName
            : RegionEndpoint.USEast1.SystemName;
    }
}
