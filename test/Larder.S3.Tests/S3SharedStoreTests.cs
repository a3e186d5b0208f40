using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Larder.Ceph;
using Larder.Content;
using Larder.Origins;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.S3.Tests;

/// <summary>Answers that a gateway in good order does not give, each written by its test.</summary>
public sealed class S3SharedStoreTests
{
    private const string Tag = "0123456789abcdef0123456789abcdef";

    private static readonly SharedObject Seen = new("a.json", 1000, Tag, DateTimeOffset.UnixEpoch);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(403, "AccessDenied", SharedFailure.Denied, "s3:PutObject")]
    [InlineData(403, "InvalidAccessKeyId", SharedFailure.Denied, "Check AWS_ACCESS_KEY_ID")]
    [InlineData(403, "SignatureDoesNotMatch", SharedFailure.Denied, "Check AWS_SECRET_ACCESS_KEY")]
    [InlineData(400, "ExpiredToken", SharedFailure.Denied, "the session has expired. Sign in again")]
    [InlineData(404, "NoSuchBucket", SharedFailure.NotFound, "there is no bucket 'bucket'")]
    [InlineData(403, "QuotaExceeded", SharedFailure.Full, "has no room")]
    [InlineData(507, "InsufficientStorage", SharedFailure.Full, "has no room")]
    [InlineData(400, "RequestTimeout", SharedFailure.Unavailable, "answered 400 RequestTimeout")]
    [InlineData(400, "BadDigest", SharedFailure.Unavailable, "got other bytes than were sent")]
    [InlineData(429, "TooManyRequests", SharedFailure.Unavailable, "answered 429")]
    [InlineData(500, "InternalError", SharedFailure.Unavailable, "answered 500")]
    [InlineData(503, "SlowDown", SharedFailure.Unavailable, "answered 503")]
    [InlineData(501, "NotImplemented", SharedFailure.Broken, "writes on condition")]
    [InlineData(301, "PermanentRedirect", SharedFailure.Broken, "in another region")]
    [InlineData(418, "IAmATeapot", SharedFailure.Broken, "answered 418")]
    public async Task Any_Refused_SaysWhyAndWhatToDo(int status, string code, SharedFailure expected, string text)
    {
        await using var server = new ScriptedHttpServer(exchange => RefuseAsync(exchange, status, code));
        using var directory = new TempDirectory();
        using var store = Connect(server);

        foreach (
            var act in new Func<Task>[]
            {
                () => store.TryReadAsync("a.json", 10, Cancellation),
                () => store.OpenAsync(Seen, null, Cancellation),
                () => WriteAsync(store),
                () => store.UploadAsync("blobs/a", Upload(directory, 10), null, Cancellation),
                () => store.UploadAsync("blobs/a", Upload(directory, 17 << 20), null, Cancellation),
                () => ListAsync(store),
            }
        )
        {
            var failure = await FailAsync(expected, act);
            Assert.Contains(text, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("larder-canary", failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(400, "ExpiredToken", SharedFailure.Denied)]
    [InlineData(403, "InvalidAccessKeyId", SharedFailure.Denied)]
    [InlineData(404, "NoSuchBucket", SharedFailure.NotFound)]
    public async Task Stat_Refused_AsksForTheReason(int status, string code, SharedFailure expected)
    {
        await using var server = new ScriptedHttpServer(exchange => RefuseAsync(exchange, status, code));
        using var store = Connect(server);

        await FailAsync(expected, () => store.TryStatAsync("a.json", Cancellation));
        await FailAsync(expected, () => store.TryDeleteAsync(Seen, Cancellation));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Any_Busy_IsAskedOnceAndToldWhenToComeBack(int status)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            RefuseAsync(exchange, status, "SlowDown", "Retry-After: 17")
        );
        using var store = Connect(server);

        var failure = await FailAsync(SharedFailure.Unavailable, () => WriteAsync(store));
        Assert.Equal(TimeSpan.FromSeconds(17), failure.RetryAfter);
        Assert.Single(server.Requests);
        await FailAsync(SharedFailure.Unavailable, () => store.TryReadAsync("a.json", 10, Cancellation));
        await FailAsync(SharedFailure.Unavailable, () => store.TryStatAsync("a.json", Cancellation));
        await FailAsync(SharedFailure.Unavailable, () => ListAsync(store));
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task Any_ServerHangs_IsUnavailableWhenTheTimeIsOver()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            Task.Delay(Timeout.InfiniteTimeSpan, exchange.Stopping)
        );
        using var store = S3StoreSite.Connect(
            "s3://bucket",
            server.Url("/"),
            options: new S3OriginOptions { AnswerTimeout = TimeSpan.FromMilliseconds(50) }
        );

        var failure = await FailAsync(SharedFailure.Unavailable, () => store.TryReadAsync("a.json", 10, Cancellation));

        Assert.Contains("within 0.05 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_Always_IsSignedWithItsHashAndOnCondition()
    {
        IReadOnlyDictionary<string, string>? headers = null;
        ReadOnlyMemory<byte> body = default;
        await using var server = new ScriptedHttpServer(exchange =>
        {
            (headers, body) = (exchange.Headers, exchange.Body);
            return exchange.AnswerAsync(200, $"ETag: \"{Tag}\"", "Date: Wed, 01 Jan 2025 00:00:00 GMT");
        });
        using var store = Connect(server);

        var written = await WriteAsync(store);

        Assert.Equal(
            new SharedObject("a.json", 2, Tag, new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            written
        );
        Assert.Equal("{}"u8.ToArray(), body.ToArray());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("{}"u8)), headers!["x-amz-content-sha256"]);
        Assert.Equal("*", headers["If-None-Match"]);
        Assert.Equal("application/json", headers["Content-Type"]);
        Assert.DoesNotContain("Expect", headers.Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_TagsAreReadAnotherWay_IsFoundOutOnce(bool isBare)
    {
        var sent = new List<string>();
        await using var server = new ScriptedHttpServer(exchange =>
        {
            if (exchange.IsHead)
                return exchange.AnswerAsync(200, new byte[1000], $"ETag: \"{Tag}\"");
            sent.Add(exchange.Headers["If-Match"]);
            return sent[^1].StartsWith('"') == isBare
                ? RefuseAsync(exchange, 412, "PreconditionFailed")
                : exchange.AnswerAsync(200, "ETag: \"new\"");
        });
        using var store = Connect(server);

        Assert.NotNull(await WriteAsync(store, SharedCondition.Unchanged(Seen)));
        Assert.NotNull(await WriteAsync(store, SharedCondition.Unchanged(Seen)));

        Assert.Equal(isBare ? [$"\"{Tag}\"", Tag, Tag] : [$"\"{Tag}\"", $"\"{Tag}\""], sent);
    }

    [Theory]
    [InlineData(409, "ConditionalRequestConflict")]
    [InlineData(500, "UnknownError")]
    public async Task Write_OthersAtTheSameMoment_IsLostOrUnavailable(int status, string code)
    {
        string? now = null;
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.Method == "PUT" ? RefuseAsync(exchange, status, code)
            : now is null ? RefuseAsync(exchange, 404, "NoSuchKey")
            : exchange.AnswerAsync(200, new byte[1000], $"ETag: \"{now}\"")
        );
        using var store = Connect(server);

        await FailAsync(SharedFailure.Unavailable, () => WriteAsync(store));
        Assert.Null(await WriteAsync(store, SharedCondition.Unchanged(Seen)));
        now = Tag;
        Assert.Null(await WriteAsync(store));
        await FailAsync(SharedFailure.Unavailable, () => WriteAsync(store, SharedCondition.Unchanged(Seen)));
        now = "other";
        Assert.Null(await WriteAsync(store, SharedCondition.Unchanged(Seen)));
    }

    [Fact]
    public async Task Delete_ServerKnowsConditions_LeavesWhatIsWrittenMeanwhile()
    {
        var removals = new List<string>();
        await using var server = new ScriptedHttpServer(exchange =>
        {
            if (exchange.Method != "DELETE")
                return exchange.AnswerAsync(200, new byte[1000], $"ETag: \"{(removals.Count == 0 ? Tag : "other")}\"");
            removals.Add(exchange.Headers["If-Match"]);
            return RefuseAsync(exchange, 412, "PreconditionFailed");
        });
        using var store = Connect(server);

        Assert.False(await store.TryDeleteAsync(Seen, Cancellation));

        Assert.Equal([$"\"{Tag}\"", Tag], removals);
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
    public async Task List_AnyWebPage_IsBroken()
    {
        await using var server = ScriptedHttpServer.Serving("<html></html>"u8.ToArray());
        using var store = Connect(server);

        await FailAsync(SharedFailure.Broken, () => ListAsync(store));
    }

    [Fact]
    public async Task List_BreaksOffWithoutAWord_IsBroken()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            ScriptedList.AnswerAsync(exchange, ScriptedList.Objects(1) + "<IsTruncated>true</IsTruncated>")
        );
        using var store = Connect(server);

        await FailAsync(SharedFailure.Broken, () => ListAsync(store));
    }

    [Fact]
    public async Task Upload_APartFails_RemovesTheOthers()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.Method switch
            {
                "POST" => exchange.AnswerAsync(
                    200,
                    "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"u8.ToArray(),
                    "Content-Type: application/xml"
                ),
                "DELETE" => exchange.AnswerAsync(204),
                _ when exchange.Target.Contains("partNumber=3", StringComparison.Ordinal) => RefuseAsync(
                    exchange,
                    503,
                    "SlowDown"
                ),
                _ => exchange.AnswerAsync(200, "ETag: \"part\""),
            }
        );
        using var directory = new TempDirectory();
        using var store = Connect(server);

        await FailAsync(
            SharedFailure.Unavailable,
            () => store.UploadAsync("blobs/a", Upload(directory, 30 << 20), null, Cancellation)
        );

        Assert.StartsWith("DELETE /bucket/team/blobs/a?", server.Requests[^1], StringComparison.Ordinal);
        Assert.Contains("uploadId=u1", server.Requests[^1], StringComparison.Ordinal);
        Assert.Single(server.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
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

    [Fact]
    public async Task Any_CredentialsNeverCome_CostsTheDeadline()
    {
        using var credentials = new CredentialsThatNeverCome();
        using var store = new S3SharedStore(
            "s3://bucket",
            new S3OriginOptions { Endpoint = "http://127.0.0.1:1", Credentials = credentials }
        );
        await using var cache = new SharedCache(
            store,
            new SharedCacheOptions { Deadline = TimeSpan.FromMilliseconds(200) }
        );
        var key = EntryKey.Of(
            new JsonObject
            {
                ["kind"] = "pass",
                ["version"] = 1,
                ["name"] = "one",
            }
        );

        var found = await Task.Run(() => cache.FindAsync([key], Cancellation), Cancellation)
            .WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Null(Assert.Single(found));
    }

    [Theory]
    [InlineData(10 << 20)]
    [InlineData(20 << 20)]
    public async Task Upload_SentAndNotAnswered_HasBeenTold(int length)
    {
        var sent = new SentSoFar(length);
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            if (exchange.Method == "POST")
            {
                var isBegin = exchange.Target.Contains("uploads", StringComparison.Ordinal);
                await exchange.AnswerAsync(
                    200,
                    isBegin
                        ? "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"u8.ToArray()
                        : "<CompleteMultipartUploadResult><ETag>whole</ETag></CompleteMultipartUploadResult>"u8.ToArray(),
                    "Content-Type: application/xml"
                );
                return;
            }
            await sent.All.WaitAsync(TimeSpan.FromSeconds(20), exchange.Stopping);
            await exchange.AnswerAsync(200, "ETag: \"part\"");
        });
        using var directory = new TempDirectory();
        using var store = Connect(server);

        await store.UploadAsync("blobs/a", Upload(directory, length), sent, Cancellation);

        Assert.Equal(length, sent.Bytes);
    }

    [Theory]
    [InlineData(17L << 20, 8L << 20)]
    [InlineData(80_000L << 20, 8L << 20)]
    [InlineData((80_000L << 20) + 1, 9L << 20)]
    [InlineData(48L << 40, 5034L << 20)]
    public void PartBytesFor_AnyLength_NeedsNoMorePartsThanThereMayBe(long sizeBytes, long expected)
    {
        var actual = S3Upload.PartBytesFor(sizeBytes);

        Assert.Equal(expected, actual);
        Assert.InRange((sizeBytes + actual - 1) / actual, 1, 10_000);
    }

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3://UPPER_case!")]
    [InlineData("s3://user:larder-canary@bucket/")]
    [InlineData("s3://bucket/a?versionId=1")]
    [InlineData("az://account/container")]
    [InlineData("bucket")]
    public void Constructor_NoPlace_SaysSo(string location)
    {
        var fault = Assert.Throws<ReferenceException>(() => new S3SharedStore(location));

        Assert.DoesNotContain("larder-canary", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_WholeBucket_HasNoPrefix()
    {
        await using var server = new ScriptedHttpServer(exchange => RefuseAsync(exchange, 404, "NoSuchKey"));
        using var store = S3StoreSite.Connect("s3://bucket", server.Url("/"));

        Assert.Null(await store.TryReadAsync("entries/a.json", 10, Cancellation));

        Assert.Equal("s3://bucket", store.Location);
        Assert.Equal("GET /bucket/entries/a.json", Assert.Single(server.Requests).Split('?')[0]);
    }

    private static S3SharedStore Connect(ScriptedHttpServer server) =>
        S3StoreSite.Connect("s3://bucket/team", server.Url("/"));

    private static Task<SharedObject?> WriteAsync(S3SharedStore store, SharedCondition condition = default) =>
        store.TryWriteAsync("a.json", "{}"u8.ToArray(), condition, Cancellation);

    private static async Task<int> ListAsync(S3SharedStore store)
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

    private static Task RefuseAsync(HttpExchange exchange, int status, string code, params string[] headers) =>
        exchange.AnswerAsync(
            status,
            Encoding.UTF8.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>The larder-canary of yours</Message><AWSAccessKeyId>{S3Gateway.AccessKey}</AWSAccessKeyId></Error>"
                )
            ),
            ["Content-Type: application/xml", .. headers]
        );

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

    /// <summary>As those of a machine in the cloud that is none: they are asked of an address where nobody answers, on the caller's thread.</summary>
    private sealed class CredentialsThatNeverCome : AWSCredentials, IDisposable
    {
        private readonly TaskCompletionSource _over = new();

        public override ImmutableCredentials GetCredentials()
        {
            _over.Task.Wait(TimeSpan.FromSeconds(40));
            throw new AmazonClientException("nobody answers");
        }

        public void Dispose() => _over.TrySetResult();
    }
}
