using System.Globalization;
using System.Text;
using Larder.Ceph;
using Larder.Content;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.S3.Tests;

/// <summary>Answers that a gateway in good order does not give, each written by its test.</summary>
public sealed class S3AnswersTests
{
    private static readonly byte[] Bytes = TestBytes.Of(1000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(404, "NoSuchBucket", OriginFailure.NotFound, "There is no bucket 'bucket' at http://127.0.0.1:")]
    [InlineData(
        403,
        "AccessDenied",
        OriginFailure.Denied,
        "s3:ListBucket on the bucket and s3:GetObject on its objects"
    )]
    [InlineData(403, "InvalidAccessKeyId", OriginFailure.Denied, "Check AWS_ACCESS_KEY_ID")]
    [InlineData(403, "SignatureDoesNotMatch", OriginFailure.Denied, "Check AWS_SECRET_ACCESS_KEY")]
    [InlineData(400, "ExpiredToken", OriginFailure.Denied, "the session has expired. Sign in again")]
    [InlineData(400, "InvalidToken", OriginFailure.Denied, "Check AWS_SESSION_TOKEN")]
    [InlineData(403, "RequestTimeTooSkewed", OriginFailure.Denied, "Set the clock")]
    [InlineData(403, "InvalidObjectState", OriginFailure.Denied, "it lies in an archive")]
    [InlineData(403, "AllAccessDisabled", OriginFailure.Denied, "403 AllAccessDisabled")]
    [InlineData(400, "RequestTimeout", OriginFailure.Unavailable, "400 RequestTimeout")]
    [InlineData(429, "TooManyRequests", OriginFailure.Unavailable, "answered 429")]
    [InlineData(500, "InternalError", OriginFailure.Unavailable, "answered 500")]
    [InlineData(503, "SlowDown", OriginFailure.Unavailable, "answered 503")]
    [InlineData(400, "AuthorizationHeaderMalformed", OriginFailure.Broken, "is in another region")]
    [InlineData(418, "IAmATeapot", OriginFailure.Broken, "answered 418")]
    public async Task List_Refused_SaysWhyAndWhatToDo(int status, string code, OriginFailure expected, string text)
    {
        await using var server = new ScriptedHttpServer(exchange => RefuseAsync(exchange, status, code));
        using var origin = Connect(server);

        var below = await FailAsync(() => origin.ListAsync(Reference("models/"), Cancellation));
        var single = await FailAsync(() => origin.ListAsync(Reference("models/a.bin"), Cancellation));

        Assert.All(
            [below, single],
            failure =>
            {
                Assert.Equal(expected, failure.Failure);
                Assert.Contains(text, failure.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("larder-canary", failure.ToString(), StringComparison.Ordinal);
            }
        );
    }

    [Theory]
    [InlineData(403, "AccessDenied", OriginFailure.Denied)]
    [InlineData(400, "ExpiredToken", OriginFailure.Denied)]
    [InlineData(404, "NoSuchKey", OriginFailure.Changed)]
    [InlineData(404, "NoSuchVersion", OriginFailure.Changed)]
    [InlineData(404, "NoSuchBucket", OriginFailure.Changed)]
    [InlineData(412, "PreconditionFailed", OriginFailure.Changed)]
    [InlineData(416, "InvalidRange", OriginFailure.Changed)]
    [InlineData(503, "SlowDown", OriginFailure.Unavailable)]
    public async Task Open_Refused_IsThatFailureAndAskedOnce(int status, string code, OriginFailure expected)
    {
        await using var server = new ScriptedHttpServer(exchange => RefuseAsync(exchange, status, code));
        using var origin = Connect(server);

        var failure = await FailAsync(() => OpenAsync(origin));

        Assert.Equal(expected, failure.Failure);
        Assert.DoesNotContain("larder-canary", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Open_ToldWhenToComeBack_PassesItOn()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            RefuseAsync(exchange, 503, "SlowDown", "Retry-After: 17")
        );
        using var origin = Connect(server);

        Assert.Equal(TimeSpan.FromSeconds(17), (await FailAsync(() => OpenAsync(origin))).RetryAfter);
    }

    [Fact]
    public async Task List_BusyForAMoment_IsAskedAgain()
    {
        var asked = 0;
        await using var server = new ScriptedHttpServer(exchange =>
            Interlocked.Increment(ref asked) == 1
                ? RefuseAsync(exchange, 503, "SlowDown")
                : ScriptedList.AnswerAsync(exchange, ScriptedList.Objects(1), next: null)
        );
        using var origin = Connect(server);

        Assert.Single((await origin.ListAsync(Reference("models/"), Cancellation)).Files);
    }

    [Theory]
    [InlineData(2 * 60)]
    [InlineData(-3 * 24 * 60)]
    public async Task Pull_ClockIsWrong_IsMadeUpFor(int minutes)
    {
        await using var server = new ScriptedHttpServer(exchange =>
        {
            var there = DateTimeOffset.UtcNow.AddMinutes(minutes);
            var signed = DateTimeOffset.ParseExact(
                exchange.Headers["X-Amz-Date"],
                "yyyyMMdd'T'HHmmss'Z'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal
            );
            if ((signed - there).Duration() > TimeSpan.FromMinutes(15))
                return RefuseAsync(
                    exchange,
                    403,
                    "RequestTimeTooSkewed",
                    string.Create(CultureInfo.InvariantCulture, $"Date: {there:R}")
                );
            return exchange.Target.Contains("list-type", StringComparison.Ordinal)
                    ? ScriptedList.AnswerAsync(
                        exchange,
                        ScriptedList.Object("models/a.bin") + ScriptedList.Object("models/empty.bin", length: 0),
                        next: null
                    )
                : exchange.Target.Contains("empty", StringComparison.Ordinal)
                    ? RefuseAsync(exchange, 416, "InvalidRange")
                : exchange.AnswerPartAsync(Bytes, $"ETag: {ScriptedList.ETag}");
        });
        using var origin = Connect(server);
        using var directory = new TempDirectory();
        using var cache = new ModelCache(new() { StorePath = directory["store"], Retries = 0 }, [origin]);

        using var pulled = await cache.PullAsync(Reference("models/"), cancellationToken: Cancellation);

        Assert.Equal(Digest.Of(Bytes), pulled.Manifest.Files.Single(file => file.Path == "a.bin").Digest);
        Assert.Equal(2, pulled.Manifest.Files.Count);
    }

    [Theory]
    [InlineData("x-amz-bucket-region: eu-central-1", "")]
    [InlineData("X-Any: thing", "the region 'us-east-1' is wrong; expecting 'eu-central-1'")]
    public async Task List_BucketInAnotherRegion_NamesIt(string header, string message)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(
                header.StartsWith('x') ? 301 : 400,
                Xml(header.StartsWith('x') ? "PermanentRedirect" : "AuthorizationHeaderMalformed", message),
                "Content-Type: application/xml",
                header
            )
        );
        using var origin = Connect(server);

        var failure = await FailAsync(() => origin.ListAsync(Reference("models/"), Cancellation));

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("is in the region eu-central-1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("AWS_REGION", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><body>Welcome to larder-canary</body></html>")]
    [InlineData("{\"not\": \"xml, but larder-canary\"}")]
    [InlineData("<ListBucketResult><Contents><Key>half an answ")]
    public async Task List_NotAnS3Server_IsBroken(string body)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(200, Encoding.UTF8.GetBytes(body), "Content-Type: text/html")
        );
        using var origin = Connect(server);

        var failure = await FailAsync(() => origin.ListAsync(Reference("models/"), Cancellation));

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("did not answer as an S3 server does", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("larder-canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NoAnswerInTime_IsUnavailable()
    {
        await using var server = new ScriptedHttpServer(exchange => Task.Delay(Timeout.Infinite, exchange.Stopping));
        using var origin = S3Site.Connect(
            server.Url("/"),
            options: new() { AnswerTimeout = TimeSpan.FromMilliseconds(300) }
        );

        var list = await FailAsync(() => origin.ListAsync(Reference("models/"), Cancellation));
        var open = await FailAsync(() => OpenAsync(origin));

        Assert.Equal((OriginFailure.Unavailable, OriginFailure.Unavailable), (list.Failure, open.Failure));
        Assert.Contains("within 0.3 s", list.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ConnectionBreaksOff_IsUnavailable()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Le")
        );
        using var origin = Connect(server);

        var failure = await FailAsync(() => origin.ListAsync(Reference("models/"), Cancellation));

        Assert.Equal(OriginFailure.Unavailable, failure.Failure);
    }

    [Theory]
    [InlineData("<IsTruncated>true</IsTruncated>")]
    [InlineData("<IsTruncated>true</IsTruncated><NextContinuationToken>same</NextContinuationToken>")]
    public async Task List_GoesOnNowhere_IsBrokenAndEnds(string end)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            ScriptedList.AnswerAsync(exchange, ScriptedList.Objects(1) + end)
        );
        using var origin = Connect(server);

        var failure = await FailAsync(() => origin.ListAsync(Reference("models/"), Cancellation));

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("did not say how it goes on", failure.Message, StringComparison.Ordinal);
        Assert.InRange(server.Requests.Count, 1, 2);
    }

    [Fact]
    public async Task List_OutsideOfThePrefix_IsBroken()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            ScriptedList.AnswerAsync(exchange, ScriptedList.Object("elsewhere/model.bin"), next: null)
        );
        using var origin = Connect(server);

        var failure = await FailAsync(() => origin.ListAsync(Reference("models/"), Cancellation));

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("does not lie below 'models/'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_AbsoluteKey_IsBrokenAndFetchesNothing()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            ScriptedList.AnswerAsync(exchange, ScriptedList.Object("/etc/passwd"), next: null)
        );
        using var origin = Connect(server);
        using var directory = new TempDirectory();
        using var cache = new ModelCache(new() { StorePath = directory["store"] }, [origin]);

        var failure = await FailAsync(() => cache.PullAsync(Reference(""), cancellationToken: Cancellation));

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("is absolute", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task List_NoETag_IsBroken()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            ScriptedList.AnswerAsync(exchange, "<Contents><Key>models/a</Key><Size>1</Size></Contents>", next: null)
        );
        using var origin = Connect(server);

        var failure = await FailAsync(() => origin.ListAsync(Reference("models/"), Cancellation));

        Assert.Contains("no length or no ETag of 'a'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ChecksumOfTheWholeObject_IsItsDigest()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(
                200,
                Bytes,
                "ETag: \"v1\"",
                $"x-amz-checksum-sha256: {Convert.ToBase64String(Convert.FromHexString(Digest.Of(Bytes).ToString()))}",
                exchange.Target.Contains("parts", StringComparison.Ordinal)
                    ? "x-amz-checksum-type: COMPOSITE"
                    : "x-amz-checksum-type: FULL_OBJECT"
            )
        );
        using var origin = Connect(server);

        var whole = await origin.ListAsync(Reference("whole.bin"), Cancellation);
        var parts = await origin.ListAsync(Reference("parts.bin"), Cancellation);

        Assert.Equal(Digest.Of(Bytes), whole.Files.Single().Digest);
        Assert.Null(parts.Files.Single().Digest);
    }

    [Fact]
    public async Task List_AnotherVersionThanTheOneNamed_IsNotFound()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(200, Bytes, "ETag: \"v1\"", "x-amz-version-id: other")
        );
        using var origin = Connect(server);

        var failure = await FailAsync(() =>
            origin.ListAsync(ModelReference.Parse("s3://bucket/a.bin?versionId=mine"), Cancellation)
        );

        Assert.Equal(OriginFailure.NotFound, failure.Failure);
        Assert.Contains("another version", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"no-md5\"")] // what an ETag is, no client knows: the SDK takes one of 32 digits for an MD5
    [InlineData("\"nomd5\"")]
    [InlineData("\"00000000000000000000000000000000\"")]
    [InlineData("00000000000000000000000000000000")]
    public async Task Pull_ETagThatIsNoHash_IsAMarkAndNothingElse(string etag)
    {
        await using var server = Serving(Bytes, etag);
        using var origin = Connect(server);
        using var directory = new TempDirectory();
        using var cache = new ModelCache(new() { StorePath = directory["store"], Retries = 0 }, [origin]);

        using var pulled = await cache.PullAsync(Reference("a.bin"), cancellationToken: Cancellation);
        using var again = await cache.PullAsync(Reference("a.bin"), new() { Refresh = true }, Cancellation);

        Assert.Equal(Digest.Of(Bytes), Assert.Single(pulled.Manifest.Files).Digest);
        Assert.Equal(Pull.PullOutcome.Revalidated, again.Outcome);
    }

    [Fact]
    public async Task Open_WeakETag_IsFetchedWholeAndHeldAgainstTheAnswers()
    {
        await using var server = Serving(Bytes, "W/\"v1\"");
        await using var changed = Serving(Bytes, "W/\"v2\"");
        using var origin = Connect(server);
        using var later = Connect(changed);

        var file = (await origin.ListAsync(Reference("a.bin"), Cancellation)).Files.Single();
        await using var body = await origin.OpenAsync(Reference("a.bin"), file, null, Cancellation);
        var failure = await FailAsync(() => later.OpenAsync(Reference("a.bin"), file, null, Cancellation));

        Assert.False(file.HasRanges);
        Assert.Equal(OriginFailure.Changed, failure.Failure);
    }

    [Theory]
    [InlineData(200, "v1", 0, null)]
    [InlineData(416, "v1", 10, null)]
    [InlineData(200, "v2", 0, OriginFailure.Changed)]
    [InlineData(200, "v1", 10, OriginFailure.Changed)]
    [InlineData(412, "v2", 10, OriginFailure.Changed)]
    [InlineData(404, "v2", 10, OriginFailure.Changed)]
    [InlineData(503, "v2", 10, OriginFailure.Unavailable)]
    public async Task Open_EmptyObject_IsThereAndEmptyOrAFailure(
        int status,
        string etag,
        int length,
        OriginFailure? expected
    )
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(status, Bytes.AsMemory(0, length), $"ETag: \"{etag}\"")
        );
        using var origin = Connect(server);
        var file = new OriginFile("a.bin", 0, "object etag=v1", HasRanges: true);

        if (expected is { } failure)
        {
            Assert.Equal(
                failure,
                (await FailAsync(() => origin.OpenAsync(Reference("a.bin"), file, null, Cancellation))).Failure
            );
            return;
        }
        await using var body = await origin.OpenAsync(Reference("a.bin"), file, null, Cancellation);
        Assert.Equal(0, await body.ReadAsync(new byte[1], Cancellation));
    }

    [Fact]
    public async Task Open_WholeObjectSentForAPart_IsNoRanges()
    {
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(200, Bytes, "ETag: \"v1\""));
        using var origin = Connect(server);

        var failure = await FailAsync(() => OpenAsync(origin, new ByteRange(10, 20)));

        Assert.Equal(OriginFailure.NoRanges, failure.Failure);
    }

    [Fact]
    public async Task Pull_ServerThatSendsNoParts_IsFetchedWhole()
    {
        var bytes = TestBytes.Of(20 << 20);
        await using var server = new ScriptedHttpServer(exchange => exchange.AnswerAsync(200, bytes, "ETag: \"v1\""));
        using var origin = Connect(server);
        using var directory = new TempDirectory();
        using var cache = new ModelCache(new() { StorePath = directory["store"], Retries = 0 }, [origin]);

        using var pulled = await cache.PullAsync(Reference("a.bin"), cancellationToken: Cancellation);

        Assert.Equal(Digest.Of(bytes), Assert.Single(pulled.Manifest.Files).Digest);
    }

    [Theory]
    [InlineData("bytes 0-19/1000")]
    [InlineData("bytes 10-30/1000")]
    [InlineData("bytes 10-29/999")]
    [InlineData("nonsense")]
    public async Task Open_AnotherPartThanAskedFor_IsBroken(string sent)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(206, Bytes.AsMemory(10, 20), "ETag: \"v1\"", $"Content-Range: {sent}")
        );
        using var origin = Connect(server);

        var failure = await FailAsync(() => OpenAsync(origin, new ByteRange(10, 20)));

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("bytes 10-29/1000 of 'a.bin' were asked for", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ServerIgnoresTheCondition_IsChangedAllTheSame()
    {
        await using var server = Serving(Bytes, "\"v2\"");
        using var origin = Connect(server);

        Assert.Equal(OriginFailure.Changed, (await FailAsync(() => OpenAsync(origin))).Failure);
    }

    [Fact]
    public async Task Pull_BreaksOffNowAndThen_GoesOnWhereItWas()
    {
        var bytes = TestBytes.Of(5 << 20);
        var cut = 0;
        await using var server = new ScriptedHttpServer(async exchange =>
        {
            if (exchange.IsHead || Interlocked.Increment(ref cut) > 3)
            {
                await exchange.AnswerPartAsync(bytes, "ETag: \"v1\"");
                return;
            }
            var (first, last) = exchange.Range!.Value;
            await exchange.SendHeadAsync(
                206,
                last + 1 - first,
                "ETag: \"v1\"",
                string.Create(CultureInfo.InvariantCulture, $"Content-Range: bytes {first}-{last}/{bytes.Length}")
            );
            await exchange.SendBodyAsync(bytes.AsMemory(first, (1 << 20) + 1000));
        });
        using var origin = Connect(server);
        using var directory = new TempDirectory();
        using var cache = new ModelCache(new() { StorePath = directory["store"] }, [origin]);

        using var pulled = await cache.PullAsync(Reference("a.bin"), cancellationToken: Cancellation);

        Assert.Equal(Digest.Of(bytes), Assert.Single(pulled.Manifest.Files).Digest);
        Assert.InRange(server.BodyBytes, bytes.Length, bytes.Length + (3 * 2000));
    }

    [Fact]
    public async Task Pull_ChecksumThatDoesNotFit_IsBrokenAndStoresNothing()
    {
        await using var server = new ScriptedHttpServer(exchange =>
            exchange.AnswerAsync(200, Bytes, "ETag: \"v-1\"", "x-amz-checksum-crc32: AAAAAA==")
        );
        using var origin = S3Site.Connect(server.Url("/"), options: new() { Checksums = S3Checksums.WhenSupported });
        using var directory = new TempDirectory();
        using var cache = new ModelCache(new() { StorePath = directory["store"], Retries = 0 }, [origin]);

        var failure = await FailAsync(() => cache.PullAsync(Reference("a.bin"), cancellationToken: Cancellation));

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("not those that the server's checksum is of", failure.Message, StringComparison.Ordinal);
        Assert.Empty(cache.List());
    }

    [Theory]
    [InlineData(null, "/bucket/?")]
    [InlineData(true, "/bucket/?")]
    public async Task List_PathStyle_HasTheBucketInThePath(bool? pathStyle, string target)
    {
        await using var server = new ScriptedHttpServer(exchange =>
            ScriptedList.AnswerAsync(exchange, ScriptedList.Objects(1), next: null)
        );
        using var origin = S3Site.Connect(server.Url("/"), options: new() { PathStyle = pathStyle });

        await origin.ListAsync(Reference("models/"), Cancellation);

        Assert.Contains(target, server.Requests.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Region_IsWhatRequestsAreSignedFor()
    {
        string? authorization = null;
        await using var server = new ScriptedHttpServer(exchange =>
        {
            authorization = exchange.Headers["Authorization"];
            return ScriptedList.AnswerAsync(exchange, ScriptedList.Objects(1), next: null);
        });
        using var origin = S3Site.Connect(server.Url("/"), options: new() { Region = "garage" });

        await origin.ListAsync(Reference("models/"), Cancellation);

        Assert.Contains("/garage/s3/aws4_request", authorization, StringComparison.Ordinal);
    }

    private static S3Origin Connect(ScriptedHttpServer server) => S3Site.Connect(server.Url("/"));

    private static ScriptedHttpServer Serving(byte[] bytes, string etag) =>
        new(exchange => exchange.AnswerPartAsync(bytes, $"ETag: {etag}"));

    private static ModelReference Reference(string key) => ModelReference.Parse($"s3://bucket/{key}");

    private static Task<OriginException> FailAsync(Func<Task> act) => Assert.ThrowsAsync<OriginException>(act);

    private static Task<Stream> OpenAsync(S3Origin origin, ByteRange? range = null) =>
        origin.OpenAsync(
            Reference("a.bin"),
            new OriginFile("a.bin", Bytes.Length, "object etag=v1", HasRanges: true),
            range,
            Cancellation
        );

    private static Task RefuseAsync(HttpExchange exchange, int status, string code, params string[] headers) =>
        exchange.AnswerAsync(
            status,
            Xml(code, "The larder-canary of yours"),
            ["Content-Type: application/xml", .. headers]
        );

    // With all that servers give back to who asked: nothing of it is for a terminal or a log.
    private static byte[] Xml(string code, string message) =>
        Encoding.UTF8.GetBytes(
            $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message><AWSAccessKeyId>{S3Gateway.AccessKey}</AWSAccessKeyId><StringToSign>AWS4 larder-canary</StringToSign><SignatureProvided>larder-canary</SignatureProvided><Token-0>larder-canary-token</Token-0><RequestId>1</RequestId></Error>"
        );
}
