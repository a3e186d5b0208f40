using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Larder.Origins;
using Larder.Origins.Http;

namespace Larder.Azure;

/// <summary>Finds for each place where it is and who asks for it, and holds the connections.</summary>
internal sealed class BlobAccounts : IDisposable
{
    private const string Scope = "https://storage.azure.com/.default";

    private readonly AzureBlobOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly Lazy<HttpClient> _http;
    private readonly Lazy<HttpClient> _guarded;
    private readonly Lazy<StorageAccount?> _connected;
    private readonly Lazy<HttpPipeline> _plain;
    private readonly Lazy<HttpPipeline> _guardedPlain;
    private readonly Lazy<HttpPipeline> _keyed;
    private readonly Lazy<HttpPipeline> _token;

    public BlobAccounts(AzureBlobOptions options, Func<HttpMessageHandler>? connect, TimeProvider timeProvider)
    {
        _options = options;
        _timeProvider = timeProvider;
        _http = new(() => Client(connect?.Invoke() ?? HttpTransport.NewHandler(guarded: false)));
        _guarded = new(() => Client(HttpTransport.NewHandler(guarded: true)));
        _connected = new(() => options.ConnectionString is { } text ? StorageAccount.Parse(text) : null);
        _plain = new(() => Pipeline(_http.Value));
        _guardedPlain = new(() => Pipeline(_guarded.Value));
        _keyed = new(() =>
            Pipeline(_http.Value, new SharedKeyPolicy(_connected.Value!.Name, _connected.Value.Key!, _timeProvider))
        );
        _token = new(() => Pipeline(_http.Value, new BearerTokenAuthenticationPolicy(Credential(), Scope)));
    }

    /// <summary>Finds the way to a place.</summary>
    /// <exception cref="OriginException">The connection string cannot be read, or a token would go over plain http.</exception>
    public BlobAccess For(BlobPlace place)
    {
        // A caller's reference brings its own right along, or none: ours are not his to use.
        if (place.Reference.IsUntrusted)
            return new BlobAccess(
                StorageAccount.PublicEndpoint(place.Account),
                _guardedPlain.Value,
                place.Signature is null ? BlobAccessKind.Nothing : BlobAccessKind.Signature,
                place.Signature
            );
        var connected = Connected(place.Reference) is { } account && account.Name == place.Account ? account : null;
        var endpoint = connected?.Endpoint ?? Endpoint(place.Account);
        // A key reaches further; but who gives a signature with this very reference means it.
        if (place.Signature is { } given)
            return Signed(endpoint, given);
        if (connected?.Key is not null)
            return new BlobAccess(endpoint, _keyed.Value, BlobAccessKind.Key);
        if (connected?.Signature is { } configured)
            return Signed(endpoint, configured);
        if (endpoint.Scheme != "https")
            throw new OriginException(
                OriginFailure.Denied,
                place.Reference.Text,
                $"'{place.Reference}' is at {endpoint.GetLeftPart(UriPartial.Authority)}, and tokens are sent over https only. Set {AzureBlobOptions.ConnectionStringVariable} to a connection string of the account '{place.Account}', or add a shared access signature to the reference."
            );
        return new BlobAccess(endpoint, _token.Value, BlobAccessKind.Token);
    }

    public void Dispose()
    {
        foreach (var http in new[] { _http, _guarded })
        {
            if (http.IsValueCreated)
                http.Value.Dispose();
        }
    }

    private BlobAccess Signed(Uri endpoint, string signature) =>
        new(endpoint, _plain.Value, BlobAccessKind.Signature, signature);

    private StorageAccount? Connected(ModelReference reference)
    {
        try
        {
            return _connected.Value;
        }
        catch (FormatException unreadable)
        {
            throw new OriginException(
                OriginFailure.Denied,
                reference.Text,
                $"'{reference}' cannot be asked for, as the connection string ({AzureBlobOptions.ConnectionStringVariable}) cannot be read: {unreadable.Message}.",
                unreadable
            );
        }
    }

    private Uri Endpoint(string account) =>
        _options.AccountUrl is { } url && StorageAccount.NameIn(url) == account
            ? new Uri(url.AbsoluteUri.TrimEnd('/'))
            : StorageAccount.PublicEndpoint(account);

    private TokenCredential Credential() => _options.Credential ?? new DefaultAzureCredential();

    // How long an answer may take is said by the pipeline, and how long the next byte may by the transfer.
    private static HttpClient Client(HttpMessageHandler handler) => new(handler) { Timeout = Timeout.InfiniteTimeSpan };

    private HttpPipeline Pipeline(HttpClient http, HttpPipelinePolicy? authentication = null)
    {
        var options = new BlobClientOptions(http, _options.AnswerTimeout);
        if (authentication is SharedKeyPolicy)
            options.AddPolicy(authentication, HttpPipelinePosition.BeforeTransport);
        return HttpPipelineBuilder.Build(options, authentication is null or SharedKeyPolicy ? [] : [authentication]);
    }
}
