using Azure.Core;
using Azure.Identity;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.Azure.Tests;

// Who asks, and where.
public sealed partial class AzureBlobOriginTests
{
    private const string Sas = "sv=2021-12-02&sig=larder-canary%2F%2B%3D";

    [Fact]
    public async Task ListAsync_SignatureInTheReference_GoesAlongAsItIs()
    {
        string? authorization = null;
        await using var server = new ScriptedHttpServer(exchange =>
        {
            authorization = exchange.Headers.GetValueOrDefault("Authorization");
            return exchange.AnswerAsync(200, ScriptedBlobs.Page([]), ScriptedBlobs.Xml);
        });

        await ListAsync(server, "v1/?" + Sas);

        Assert.Null(authorization);
        Assert.EndsWith("&prefix=v1%2F&" + Sas, Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_NoKeyAndNoSignature_ShowsATokenForStorage()
    {
        string? authorization = null;
        await using var server = new ScriptedHttpServer(exchange =>
        {
            authorization = exchange.Headers.GetValueOrDefault("Authorization");
            return exchange.AnswerAsync(200, ScriptedBlobs.Page([ScriptedBlobs.Blob("a")]), ScriptedBlobs.Xml);
        });
        var credential = new FixedCredential("larder-canary-token");
        using var origin = OpenAtPublicCloud(server, credential);

        await origin.ListAsync(ScriptedBlobs.Reference(""), Cancellation);
        await origin.ListAsync(ScriptedBlobs.Reference(""), Cancellation);

        Assert.Equal("Bearer larder-canary-token", authorization);
        Assert.Equal(["https://storage.azure.com/.default"], credential.Scopes);
        Assert.StartsWith("GET /team?restype=container&comp=list", server.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_TokenWithoutTheRole_SaysWhichItNeeds()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(403, "x-ms-error-code: AuthorizationPermissionMismatch")
        );
        using var origin = OpenAtPublicCloud(server, new FixedCredential("larder-canary-token"));

        var refused = await Assert.ThrowsAsync<OriginException>(() =>
            origin.ListAsync(ScriptedBlobs.Reference(""), Cancellation)
        );

        Assert.Equal(OriginFailure.Denied, refused.Failure);
        Assert.Contains(
            "the role Storage Blob Data Reader on the container 'team'",
            refused.Message,
            StringComparison.Ordinal
        );
        AssertTellsNoSecret(refused);
    }

    [Fact]
    public async Task ListAsync_NobodySignedIn_SaysHowTo()
    {
        await using var server = ScriptedBlobs.Listing();
        using var origin = OpenAtPublicCloud(server, new FixedCredential(null));

        var refused = await Assert.ThrowsAsync<OriginException>(() =>
            origin.ListAsync(ScriptedBlobs.Reference(""), Cancellation)
        );

        Assert.Equal(OriginFailure.Denied, refused.Failure);
        Assert.Contains("Sign in with 'az login'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task ListAsync_TokenOverPlainHttp_IsRefused()
    {
        await using var server = ScriptedBlobs.Listing();
        using var origin = new AzureBlobOrigin(
            new AzureBlobOptions
            {
                ConnectionString = null,
                AccountUrl = new Uri(server.Url("/models")),
                Credential = new FixedCredential("larder-canary-token"),
            }
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() =>
            origin.ListAsync(ScriptedBlobs.Reference(""), Cancellation)
        );

        Assert.Equal(OriginFailure.Denied, refused.Failure);
        Assert.Contains("tokens are sent over https only", refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("az://models/team/", null, null, "https://models.blob.core.windows.net/", "Token")]
    [InlineData(
        "az://models/team/",
        null,
        "https://models.blob.core.chinacloudapi.cn/",
        "https://models.blob.core.chinacloudapi.cn/",
        "Token"
    )]
    [InlineData(
        "az://others/team/",
        null,
        "https://models.example.org",
        "https://others.blob.core.windows.net/",
        "Token"
    )]
    [InlineData(
        "az://models/team/?" + Sas,
        null,
        "https://models.example.org",
        "https://models.example.org/",
        "Signature"
    )]
    [InlineData(
        "az://models/team/",
        "AccountName=models;AccountKey=aa==",
        "https://models.example.org",
        "https://models.blob.core.windows.net/",
        "Key"
    )]
    [InlineData(
        "az://others/team/",
        "AccountName=models;AccountKey=aa==",
        null,
        "https://others.blob.core.windows.net/",
        "Token"
    )]
    [InlineData(
        "az://models/team/?" + Sas,
        "AccountName=models;AccountKey=aa==;EndpointSuffix=example.org",
        null,
        "https://models.blob.example.org/",
        "Signature"
    )]
    [InlineData(
        "az://models/team/",
        "BlobEndpoint=https://models.example.org/;SharedAccessSignature=" + Sas,
        null,
        "https://models.example.org/",
        "Signature"
    )]
    public void For_Reference_FindsWhereAndWho(
        string reference,
        string? connectionString,
        string? accountUrl,
        string endpoint,
        string kind
    )
    {
        using var accounts = Accounts(connectionString, accountUrl);

        var access = accounts.For(BlobPlace.Of(ModelReference.Parse(reference)));

        Assert.Equal((endpoint, kind), (access.Endpoint.AbsoluteUri, access.Kind.ToString()));
        Assert.Equal(kind == "Signature" ? Sas : null, access.Signature);
    }

    [Theory]
    [InlineData("az://models/team/", "Nothing")]
    [InlineData("az://models/team/?" + Sas, "Signature")]
    public void For_ReferenceOfACaller_DoesNotGetTheServersOwnRights(string reference, string kind)
    {
        using var accounts = Accounts("AccountName=models;AccountKey=aa==", "http://127.0.0.1:10000/models");

        var access = accounts.For(BlobPlace.Of(ModelReference.ParseUntrusted(reference)));

        Assert.Equal(
            ("https://models.blob.core.windows.net/", kind),
            (access.Endpoint.AbsoluteUri, access.Kind.ToString())
        );
    }

    [Fact]
    public void Options_ByDefault_TakeTheConnectionStringOfTheEnvironment() =>
        Assert.Equal(
            Environment.GetEnvironmentVariable("AZURE_STORAGE_CONNECTION_STRING"),
            new AzureBlobOptions().ConnectionString
        );

    private static BlobAccounts Accounts(string? connectionString, string? accountUrl) =>
        new(
            new AzureBlobOptions
            {
                ConnectionString = connectionString,
                AccountUrl = accountUrl is null ? null : new Uri(accountUrl),
                Credential = new FixedCredential(null),
            },
            connect: null,
            TimeProvider.System
        );

    private static AzureBlobOrigin OpenAtPublicCloud(ScriptedHttpServer server, TokenCredential credential) =>
        new(
            new AzureBlobOptions { ConnectionString = null, Credential = credential },
            () => new Rerouting(new Uri(server.Url("/"))),
            TimeProvider.System
        );

    // Says that nobody is signed in where it has no token.
    private sealed class FixedCredential(string? token) : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return token is null
                ? throw new CredentialUnavailableException("nobody")
                : new AccessToken(token, DateTimeOffset.UtcNow.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext,
            CancellationToken cancellationToken
        ) => new(GetToken(requestContext, cancellationToken));
    }

    // Tokens are sent over https alone, and a scripted server has no certificate.
    private sealed class Rerouting(Uri server) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Assert.Equal("https://models.blob.core.windows.net", request.RequestUri!.GetLeftPart(UriPartial.Authority));
            request.RequestUri = new Uri(server, request.RequestUri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
