using System.Text;
using Azure.Core;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.Azure.Tests;

/// <summary>What the suite that all origins pass does not ask of a real service.</summary>
[Trait("Category", "Integration")]
public sealed class AzuriteTests(Azurite azurite)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pull_WithASignature_FetchesTheBytes(bool isConfigured)
    {
        var account = await azurite.StartAsync();
        var container = await account.NewContainerAsync();
        var bytes = TestBytes.Of(100_000);
        await account.PutAsync(container, "v1/model.onnx", bytes);
        var signature = BlobAdministrator.Sign(container, DateTimeOffset.UtcNow.AddHours(1));
        using var origin = new AzureBlobOrigin(
            isConfigured
                ? new AzureBlobOptions
                {
                    ConnectionString = $"BlobEndpoint={account.Endpoint};SharedAccessSignature={signature}",
                }
                : new AzureBlobOptions { ConnectionString = null, AccountUrl = account.Endpoint }
        );
        var query = isConfigured ? "" : "?" + signature;

        Assert.Equal(bytes, await PullOneAsync(origin, $"{container}/v1/{query}", "model.onnx"));
        Assert.Equal(bytes, await PullOneAsync(origin, $"{container}/v1/model.onnx{query}", "model.onnx"));
    }

    [Fact]
    public async Task List_WithAnExpiredSignature_SaysSinceWhen()
    {
        var account = await azurite.StartAsync();
        var container = await account.NewContainerAsync();
        var signature = BlobAdministrator.Sign(container, new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));

        var refused = await RefusedAsync(account, $"{container}/v1/?{signature}");

        Assert.Equal(OriginFailure.Denied, refused.Failure);
        Assert.Contains(
            "The shared access signature expired at 2025-01-01 00:00:00Z. Get a new one.",
            refused.Message,
            StringComparison.Ordinal
        );
        AssertTellsNot(refused, signature);
    }

    [Fact]
    public async Task List_WithASignatureThatMayOnlyRead_SaysWhatItNeeds()
    {
        var account = await azurite.StartAsync();
        var container = await account.NewContainerAsync();
        var signature = BlobAdministrator.Sign(container, DateTimeOffset.UtcNow.AddHours(1), permissions: "r");

        var refused = await RefusedAsync(account, $"{container}/v1/?{signature}");

        Assert.Equal(OriginFailure.Denied, refused.Failure);
        Assert.Contains("has the permissions r and l", refused.Message, StringComparison.Ordinal);
        AssertTellsNot(refused, signature);
    }

    [Fact]
    public async Task Pull_OneBlobWithASignatureForItAlone_FetchesTheBytes()
    {
        var account = await azurite.StartAsync();
        var container = await account.NewContainerAsync();
        var bytes = TestBytes.Of(1000);
        await account.PutAsync(container, "model.onnx", bytes);
        var signature = BlobAdministrator.Sign(container, DateTimeOffset.UtcNow.AddHours(1), "r", "model.onnx");
        using var origin = new AzureBlobOrigin(
            new AzureBlobOptions { ConnectionString = null, AccountUrl = account.Endpoint }
        );

        Assert.Equal(bytes, await PullOneAsync(origin, $"{container}/model.onnx?{signature}", "model.onnx"));
    }

    [Fact]
    public async Task Pull_OverwrittenMidWay_IsChangedAndStoresNothing()
    {
        var account = await azurite.StartAsync();
        var container = await account.NewContainerAsync();
        await account.PutAsync(container, "model.bin", TestBytes.Of(50 << 20));
        using var origin = new AzureBlobOrigin(
            new AzureBlobOptions { ConnectionString = account.ConnectionString() },
            () => new BeforeThirdPart(() => account.PutAsync(container, "model.bin", TestBytes.Of(50 << 20, seed: 2))),
            TimeProvider.System
        );
        using var directory = new TempDirectory();
        using var cache = new ModelCache(
            new ModelCacheOptions { StorePath = directory["store"], Connections = 2 },
            [origin]
        );

        var changed = await Assert.ThrowsAsync<OriginException>(() =>
            cache.PullAsync(Reference($"{container}/"), cancellationToken: Cancellation)
        );

        Assert.Equal(OriginFailure.Changed, changed.Failure);
        Assert.Empty(cache.List());
    }

    [Fact]
    public async Task List_Blob_TellsTheMd5ThatItsUploaderGave()
    {
        var account = await azurite.StartAsync();
        var container = await account.NewContainerAsync();
        await account.PutAsync(
            container,
            "model.bin",
            "larder"u8.ToArray(),
            ("x-ms-blob-content-md5", "AA+RU6RIh5zgP3uNKKFcwA==")
        );
        using var origin = new AzureBlobOrigin(new AzureBlobOptions { ConnectionString = account.ConnectionString() });

        var below = await origin.ListAsync(Reference($"{container}/"), Cancellation);
        var one = await origin.ListAsync(Reference($"{container}/model.bin"), Cancellation);

        Assert.Equal("000f9153a448879ce03f7b8d28a15cc0", Assert.Single(below.Files).Md5);
        Assert.Equal(below.Files, one.Files);
    }

    [Theory]
    [InlineData("a//b.bin")]
    [InlineData("model.bin/below")]
    [InlineData("MODEL.bin")]
    public async Task Pull_NameThatCannotBeStored_FetchesNothing(string name)
    {
        var account = await azurite.StartAsync();
        var container = await account.NewContainerAsync();
        await account.PutAsync(container, "model.bin", [1]);
        await account.PutAsync(container, name, [2]);
        using var origin = new AzureBlobOrigin(new AzureBlobOptions { ConnectionString = account.ConnectionString() });

        var refused = await Assert.ThrowsAsync<OriginException>(() =>
            PullOneAsync(origin, $"{container}/", "model.bin")
        );

        Assert.Equal(OriginFailure.Broken, refused.Failure);
        Assert.Contains("so nothing was fetched", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_WithAToken_FetchesTheBytes()
    {
        var account = await azurite.StartTlsAsync();
        var container = await account.NewContainerAsync();
        var bytes = TestBytes.Of(100_000);
        await account.PutAsync(container, "v1/model.onnx", bytes);
        using var origin = new AzureBlobOrigin(
            new AzureBlobOptions
            {
                ConnectionString = null,
                AccountUrl = account.Endpoint,
                Credential = new UnsignedCredential(),
            },
            azurite.NewTlsHandler,
            TimeProvider.System
        );

        Assert.Equal(bytes, await PullOneAsync(origin, $"{container}/v1/", "model.onnx"));
    }

    private static async Task<byte[]> PullOneAsync(AzureBlobOrigin origin, string path, string file)
    {
        using var directory = new TempDirectory();
        using var cache = new ModelCache(
            new ModelCacheOptions { StorePath = directory["store"], Retries = 0 },
            [origin]
        );
        using var snapshot = await cache.PullAsync(Reference(path), cancellationToken: Cancellation);
        return await File.ReadAllBytesAsync(Path.Join(snapshot.Path, file), Cancellation);
    }

    private static async Task<OriginException> RefusedAsync(BlobAdministrator account, string path)
    {
        using var origin = new AzureBlobOrigin(
            new AzureBlobOptions { ConnectionString = null, AccountUrl = account.Endpoint }
        );
        return await Assert.ThrowsAsync<OriginException>(() => origin.ListAsync(Reference(path), Cancellation));
    }

    private static void AssertTellsNot(Exception failure, string signature) =>
        Assert.DoesNotContain(
            signature[(signature.IndexOf("sig=", StringComparison.Ordinal) + 4)..],
            failure.ToString(),
            StringComparison.Ordinal
        );

    private static ModelReference Reference(string path) => ModelReference.Parse($"az://{Azurite.Account}/{path}");

    // Two connections have asked for the first two parts, and one of them goes on to the third.
    private sealed class BeforeThirdPart(Func<Task> action) : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _parts;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (request.Headers.Contains("x-ms-range") && Interlocked.Increment(ref _parts) == 3)
                await action();
            return await base.SendAsync(request, cancellationToken);
        }
    }

    // Azurite reads what a token says, and believes its signature.
    private sealed class UnsignedCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            var now = DateTimeOffset.UtcNow;
            var claims = FormattableString.Invariant(
                $$"""{"aud":"https://storage.azure.com","iss":"https://sts.windows.net/00000000-0000-0000-0000-000000000000/","nbf":{{now.AddMinutes(-5).ToUnixTimeSeconds()}},"iat":{{now.AddMinutes(-5).ToUnixTimeSeconds()}},"exp":{{now.AddHours(1).ToUnixTimeSeconds()}},"oid":"larder","sub":"larder","tid":"larder","ver":"1.0"}"""
            );
            return new AccessToken(
                $"{Part("""{"alg":"RS256","typ":"JWT"}""")}.{Part(claims)}.{Part("larder")}",
                now.AddHours(1)
            );
        }

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext,
            CancellationToken cancellationToken
        ) => new(GetToken(requestContext, cancellationToken));

        private static string Part(string json) =>
            Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }
}
