using Larder.Origins;
using Larder.TestKit;

namespace Larder.Azure.Tests;

// What refusals mean, and that they tell no secret.
public sealed partial class AzureBlobOriginTests
{
    [Theory]
    [InlineData(
        404,
        "ContainerNotFound",
        OriginFailure.NotFound,
        "404 ContainerNotFound. Check the name of the container 'team'."
    )]
    [InlineData(404, "ResourceNotFound", OriginFailure.NotFound, "There is nothing at 'az://models/team/v1/'")]
    [InlineData(
        403,
        "AuthenticationFailed",
        OriginFailure.Denied,
        "Check the key in AZURE_STORAGE_CONNECTION_STRING, and that the clock"
    )]
    [InlineData(403, "AuthorizationFailure", OriginFailure.Denied, "let in by the account's firewall")]
    [InlineData(403, "AuthorizationPermissionMismatch", OriginFailure.Denied, "403 AuthorizationPermissionMismatch")]
    [InlineData(403, "KeyBasedAuthenticationNotPermitted", OriginFailure.Denied, "The account takes no keys")]
    [InlineData(403, "AccountIsDisabled", OriginFailure.Denied, "Ask who administers the account")]
    [InlineData(401, "NoAuthenticationInformation", OriginFailure.Denied, "401 NoAuthenticationInformation")]
    [InlineData(409, "PublicAccessNotPermitted", OriginFailure.Denied, "409 PublicAccessNotPermitted")]
    [InlineData(409, "ContainerBeingDeleted", OriginFailure.Unavailable, "409 ContainerBeingDeleted. Try again later")]
    [InlineData(409, "BlobArchived", OriginFailure.Broken, "is archived. Move it to the hot, cool or cold tier")]
    [InlineData(408, "", OriginFailure.Unavailable, "answered 408.")]
    [InlineData(429, "TooManyRequests", OriginFailure.Unavailable, "429 TooManyRequests")]
    [InlineData(500, "InternalError", OriginFailure.Unavailable, "500 InternalError")]
    [InlineData(503, "ServerBusy", OriginFailure.Unavailable, "503 ServerBusy")]
    [InlineData(400, "OutOfRangeInput", OriginFailure.Broken, "400 OutOfRangeInput")]
    [InlineData(302, "", OriginFailure.Broken, "answered 302")]
    [InlineData(403, "not one: larder-canary", OriginFailure.Denied, "answered 403. Check")]
    public async Task ListAsync_ServiceRefuses_SaysWhyAndWhatToDo(
        int status,
        string code,
        OriginFailure why,
        string words
    )
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(
                status,
                "<Error><Code>x</Code><AuthenticationErrorDetail>larder-canary</AuthenticationErrorDetail></Error>"u8.ToArray(),
                $"x-ms-error-code: {code}",
                "Location: http://127.0.0.1:1/",
                ScriptedBlobs.Xml
            )
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() => ListAsync(server, "v1/"));

        Assert.Equal((why, "az://models/team/v1/"), (refused.Failure, refused.Reference));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        AssertTellsNoSecret(refused);
        // Our own budget says how often is asked again.
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task ListAsync_OneBlobMissing_TellsOfTheSlash()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(404, "x-ms-error-code: BlobNotFound")
        );

        var missing = await Assert.ThrowsAsync<OriginException>(() => ListAsync(server, "v1"));

        Assert.Equal(OriginFailure.NotFound, missing.Failure);
        Assert.Contains(
            "404 BlobNotFound. Check the reference; one that names all below",
            missing.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Retry-After: 7", 7)]
    [InlineData("Retry-After: Wed, 01 Jan 2025 00:01:00 GMT", 60)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("X-Nothing: here", null)]
    public async Task OpenAsync_ServiceIsBusy_TellsHowLongItAsksFor(string header, int? seconds)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(503, header, "Date: Wed, 01 Jan 2025 00:00:00 GMT", "x-ms-error-code: ServerBusy")
        );

        var busy = await Assert.ThrowsAsync<OriginException>(() => ReadAsync(server));

        Assert.Equal(OriginFailure.Unavailable, busy.Failure);
        Assert.Equal(seconds, (int?)busy.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task ListAsync_ServiceSilent_GivesUpAfterTheTimeout()
    {
        await using var server = new ScriptedHttpServer(exchange => Task.Delay(Timeout.Infinite, exchange.Stopping));
        using var origin = ScriptedBlobs.Open(server, TimeSpan.FromMilliseconds(100));

        var down = await Assert.ThrowsAsync<OriginException>(() =>
            origin.ListAsync(ScriptedBlobs.Reference("v1/"), Cancellation)
        );

        Assert.Equal(OriginFailure.Unavailable, down.Failure);
        AssertTellsNoSecret(down);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<EnumerationResults>")]
    public async Task ListAsync_ConnectionBreaksOff_IsUnavailable(string? answer)
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.SendAsync(answer ?? ""));

        var down = await Assert.ThrowsAsync<OriginException>(() => ListAsync(server, "v1/"));

        Assert.Equal(OriginFailure.Unavailable, down.Failure);
    }

    [Fact]
    public async Task ListAsync_ConnectionStringThatIsNone_SaysWhereItIsAndNoSecret()
    {
        using var origin = new AzureBlobOrigin(
            new AzureBlobOptions { ConnectionString = "AccountName=models;AccountKey=larder-canary" }
        );

        var refused = await Assert.ThrowsAsync<OriginException>(() =>
            origin.ListAsync(ScriptedBlobs.Reference(""), Cancellation)
        );

        Assert.Equal(OriginFailure.Denied, refused.Failure);
        Assert.Contains(
            "the connection string (AZURE_STORAGE_CONNECTION_STRING) cannot be read: its AccountKey is not base64",
            refused.Message,
            StringComparison.Ordinal
        );
        AssertTellsNoSecret(refused);
    }

    [Theory]
    [InlineData("ftp://models.example.org", "is no address of a storage account")]
    [InlineData("models", "is no address of a storage account")]
    [InlineData("https://models.blob.core.windows.net/?sig=larder-canary", "has more than host and path")]
    [InlineData("https://u:larder-canary@models.blob.core.windows.net", "has more than host and path")]
    public void Create_AccountUrlThatIsNone_IsRefused(string url, string reason)
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            new AzureBlobOrigin(new AzureBlobOptions { AccountUrl = new Uri(url, UriKind.RelativeOrAbsolute) })
        );

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        AssertTellsNoSecret(refused);
    }

    private static void AssertTellsNoSecret(Exception failure)
    {
        Assert.DoesNotContain("larder-canary", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedBlobs.Key, failure.ToString(), StringComparison.Ordinal);
    }
}
