using System.Globalization;
using System.Security.Cryptography;
using Larder.Content;
using Larder.Origins;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Azure.Tests;

/// <summary>Answers that a service in good order does not give, each written by its test.</summary>
public sealed class AzureSharedStoreTests
{
    private const string Tag = "0x8DC000000000001";

    private static readonly SharedObject Seen = new("a.json", 1000, Tag, DateTimeOffset.UnixEpoch);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(403, "AuthenticationFailed", SharedFailure.Denied, "Check the key in AZURE_STORAGE_CONNECTION_STRING")]
    [InlineData(403, "AuthorizationFailure", SharedFailure.Denied, "firewall")]
    [InlineData(403, "KeyBasedAuthenticationNotPermitted", SharedFailure.Denied, "Storage Blob Data Contributor")]
    [InlineData(404, "ContainerNotFound", SharedFailure.NotFound, "there is no container 'team'")]
    [InlineData(409, "ContainerBeingDeleted", SharedFailure.Unavailable, "answered 409 ContainerBeingDeleted")]
    [InlineData(429, "TooManyRequests", SharedFailure.Unavailable, "answered 429")]
    [InlineData(500, "InternalError", SharedFailure.Unavailable, "answered 500 InternalError")]
    [InlineData(503, "ServerBusy", SharedFailure.Unavailable, "answered 503 ServerBusy")]
    [InlineData(507, "", SharedFailure.Full, "has no room")]
    [InlineData(412, "LeaseIdMissing", SharedFailure.Unavailable, "LeaseIdMissing")]
    [InlineData(418, "IAmATeapot", SharedFailure.Broken, "answered 418 IAmATeapot")]
    public async Task Any_Refused_SaysWhyAndWhatToDoAndIsAskedOnce(
        int status,
        string code,
        SharedFailure expected,
        string text
    )
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(status, "larder-canary"u8.ToArray(), $"x-ms-error-code: {code}", "Retry-After: 17")
        );
        using var directory = new TempDirectory();
        using var store = Connect(server);
        var asked = 0;

        foreach (
            var act in new Func<Task>[]
            {
                () => store.TryReadAsync("a.json", 10, Cancellation),
                () => store.TryStatAsync("a.json", Cancellation),
                () => WriteAsync(store),
                () => store.UploadAsync("blobs/a", Upload(directory, 10), null, Cancellation),
                () => store.TryDeleteAsync(Seen, Cancellation),
                () => ListAsync(store),
            }
        )
        {
            var failure = await FailAsync(expected, act);
            Assert.Contains(text, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("larder-canary", failure.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(ScriptedBlobs.Key, failure.ToString(), StringComparison.Ordinal);
            if (expected == SharedFailure.Unavailable)
                Assert.Equal(TimeSpan.FromSeconds(17), failure.RetryAfter);
            Assert.Equal(++asked, server.Requests.Count);
        }
    }

    [Fact]
    public async Task Open_BodyStops_EndsWhenItsReaderHasEnough()
    {
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            await exchange.SendHeadAsync(206, 1000, $"ETag: \"{Tag}\"", "Content-Range: bytes 0-999/1000");
            await exchange.SendBodyAsync(new byte[10]);
            await Task.Delay(Timeout.InfiniteTimeSpan, exchange.Stopping);
        });
        using var store = Connect(server);
        await using var body = await store.OpenAsync(Seen, null, Cancellation);
        await body.ReadExactlyAsync(new byte[10], Cancellation);
        using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            body.ReadAsync(new byte[10], enough.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation)
        );
    }

    [Theory]
    [InlineData(10 << 20)]
    [InlineData(20 << 20)]
    public async Task Upload_SentAndNotAnswered_HasBeenTold(int length)
    {
        var sent = new SentSoFar(length);
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            if (!exchange.Target.Contains("blocklist", StringComparison.Ordinal))
                await sent.All.WaitAsync(TimeSpan.FromSeconds(20), exchange.Stopping);
            await exchange.AnswerAsync(201, $"ETag: \"{Tag}\"", "Last-Modified: Wed, 01 Jan 2025 00:00:00 GMT");
        });
        using var directory = new TempDirectory();
        using var store = Connect(server);

        await store.UploadAsync("blobs/a", Upload(directory, length), sent, Cancellation);

        Assert.Equal(length, sent.Bytes);
    }

    [Fact]
    public async Task Write_Always_HasItsMd5AndItsCondition()
    {
        var sent = new List<IReadOnlyDictionary<string, string>>();
        await using var server = new ScriptedHttpServer(exchange =>
        {
            sent.Add(exchange.Headers);
            return exchange.AnswerAsync(201, $"ETag: \"{Tag}\"", "Last-Modified: Wed, 01 Jan 2025 00:00:00 GMT");
        });
        using var store = Connect(server);

        var written = await WriteAsync(store);
        await WriteAsync(store, SharedCondition.Unchanged(Seen));

        Assert.Equal(
            new SharedObject("a.json", 2, Tag, new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            written
        );
#pragma warning disable CA5351 // What the service checks a transport with.
        Assert.Equal(Convert.ToBase64String(MD5.HashData("{}"u8)), sent[0]["Content-MD5"]);
#pragma warning restore CA5351
        Assert.Equal("*", sent[0]["If-None-Match"]);
        Assert.Equal("application/json", sent[0]["x-ms-blob-content-type"]);
        Assert.Equal($"\"{Tag}\"", sent[1]["If-Match"]);
    }

    [Fact]
    public async Task Upload_ABlockFails_CommitsNothing()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.Target.Contains("blockid=bGFyZGVyLTAwMDAwMDAy", StringComparison.Ordinal)
                ? exchange.AnswerAsync(503, "x-ms-error-code: ServerBusy")
                : exchange.AnswerAsync(201, $"ETag: \"{Tag}\"")
        );
        using var directory = new TempDirectory();
        using var store = Connect(server);

        await FailAsync(
            SharedFailure.Unavailable,
            () => store.UploadAsync("blobs/a", Upload(directory, 30 << 20), null, Cancellation)
        );

        Assert.DoesNotContain(server.Requests, request => request.Contains("blocklist", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bytes 0-19/1000", Tag, SharedFailure.Broken)]
    [InlineData("bytes 10-29/1000", "other", SharedFailure.Changed)]
    public async Task Open_AnotherPartOrVersion_IsAFailure(string range, string tag, SharedFailure expected)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(206, new byte[20], $"ETag: \"{tag}\"", $"Content-Range: {range}")
        );
        using var store = Connect(server);

        await FailAsync(expected, () => store.OpenAsync(Seen, new ByteRange(10, 20), Cancellation));
    }

    [Fact]
    public async Task Read_BreaksOff_IsUnavailable()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nETag: \"{Tag}\"\r\n\r\nhalf")
        );
        using var store = Connect(server);

        await FailAsync(SharedFailure.Unavailable, () => store.TryReadAsync("a.json", 10, Cancellation));
    }

    [Fact]
    public async Task Any_ServerHangs_IsUnavailableWhenTheTimeIsOver()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            Task.Delay(Timeout.InfiniteTimeSpan, exchange.Stopping)
        );
        using var store = Connect(server, TimeSpan.FromMilliseconds(50));

        await FailAsync(SharedFailure.Unavailable, () => store.TryReadAsync("a.json", 10, Cancellation));
        await FailAsync(SharedFailure.Unavailable, () => WriteAsync(store));
    }

    [Fact]
    public async Task List_AnyWebPage_IsBroken()
    {
        await using var server = ScriptedHttpServer.Serving("<html></html>"u8.ToArray());
        using var store = Connect(server);

        await FailAsync(SharedFailure.Broken, () => ListAsync(store));
    }

    [Fact]
    public async Task Any_SignatureInTheLocation_IsSentAndNeverShown()
    {
        var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(403, "x-ms-error-code: AuthenticationFailed")
        );
        await using var _ = server;
        using var store = new AzureSharedStore(
            "az://models/team/prefix?sv=2021-12-02&sp=rlcwd&sig=larder-canary",
            new AzureBlobOptions { ConnectionString = null, AccountUrl = new Uri(server.Url("/models")) }
        );

        var failure = await FailAsync(SharedFailure.Denied, () => store.TryReadAsync("a.json", 10, Cancellation));

        Assert.Equal("az://models/team/prefix", store.Location);
        Assert.Contains("sig=larder-canary", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.DoesNotContain("larder-canary", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "has the permissions r and l to read, c and w to write",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Any_ConnectionStringCannotBeRead_IsDeniedAndTellsNoneOfIt()
    {
        using var store = new AzureSharedStore(
            "az://models/team",
            new AzureBlobOptions { ConnectionString = "AccountName=models;AccountKey=larder-canary!" }
        );

        var failure = await FailAsync(SharedFailure.Denied, () => store.TryStatAsync("a.json", Cancellation));

        Assert.DoesNotContain("larder-canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17L << 20, 8L << 20)]
    [InlineData(400_000L << 20, 8L << 20)]
    [InlineData((400_000L << 20) + 1, 9L << 20)]
    public void BlockBytesFor_AnyLength_NeedsNoMoreBlocksThanThereMayBe(long sizeBytes, long expected)
    {
        var actual = BlobUpload.BlockBytesFor(sizeBytes);

        Assert.Equal(expected, actual);
        Assert.InRange((sizeBytes + actual - 1) / actual, 1, 50_000);
    }

    [Theory]
    [InlineData("az://account")]
    [InlineData("az://account/container/blob?versionid=1")]
    [InlineData("az://user:larder-canary@account/container")]
    [InlineData("s3://bucket/prefix")]
    [InlineData("container")]
    public void Constructor_NoPlace_SaysSo(string location)
    {
        var fault = Assert.Throws<ReferenceException>(() => new AzureSharedStore(location));

        Assert.DoesNotContain("larder-canary", fault.ToString(), StringComparison.Ordinal);
    }

    private static AzureSharedStore Connect(ScriptedHttpServer server, TimeSpan? answerTimeout = null) =>
        new(
            "az://models/team/prefix",
            new AzureBlobOptions
            {
                ConnectionString = string.Create(
                    CultureInfo.InvariantCulture,
                    $"AccountName=models;AccountKey={ScriptedBlobs.Key};BlobEndpoint={server.Url("/models")}"
                ),
                AnswerTimeout = answerTimeout ?? TimeSpan.FromSeconds(60),
            }
        );

    private static Task<SharedObject?> WriteAsync(AzureSharedStore store, SharedCondition condition = default) =>
        store.TryWriteAsync("a.json", "{}"u8.ToArray(), condition, Cancellation);

    private static async Task<int> ListAsync(AzureSharedStore store)
    {
        var count = 0;
        await foreach (var _ in store.ListAsync("", Cancellation))
            count++;
        return count;
    }

    private static SharedUpload Upload(TempDirectory directory, int length)
    {
        var path = directory[Guid.NewGuid().ToString("n")];
        File.WriteAllBytes(path, TestBytes.Of(length));
        return new SharedUpload(path, length, Digest.Of(TestBytes.Of(length)));
    }

    private static async Task<SharedStoreException> FailAsync(SharedFailure expected, Func<Task> act)
    {
        var failure = await Assert.ThrowsAsync<SharedStoreException>(act);
        Assert.True(expected == failure.Failure, $"{failure.Failure} instead of {expected}: {failure.Message}");
        return failure;
    }

    private sealed class SentSoFar(long all) : IProgress<long>
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _bytes;

        public long Bytes => Interlocked.Read(ref _bytes);

        public Task All => _all.Task;

        public void Report(long value)
        {
            if (Interlocked.Add(ref _bytes, value) >= all)
                _all.TrySetResult();
        }
    }
}
