using System.Globalization;
using Amazon.S3;
using Larder.Ceph;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.TestKit;

namespace Larder.S3.Tests;

/// <summary>What is S3's own, against a real server.</summary>
[Trait("Category", "Integration")]
public sealed class S3OriginTests(S3Gateway gateway) : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private string _bucket = "";
    private S3Origin _origin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await gateway.RunningAsync();
        _bucket = await gateway.NewBucketAsync();
        _origin = S3Site.Connect(gateway.Url);
    }

    public ValueTask DisposeAsync()
    {
        _origin.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task List_SingleObject_IsOneFileUnderItsName()
    {
        await PutAsync("models/prices/model.onnx", TestBytes.Of(1234));
        await PutAsync("models/prices/model.onnx.bak", TestBytes.Of(10));

        var listing = await ListAsync("models/prices/model.onnx");

        var file = Assert.Single(listing.Files);
        Assert.Equal(("model.onnx", 1234, true), (file.Path, file.SizeBytes, file.HasRanges));
        Assert.False(listing.IsFixed);
    }

    [Fact]
    public async Task List_NoObjectOfThatName_IsWhatLiesBelowIt()
    {
        await PutAsync("models/v1/a.bin", [1]);
        await PutAsync("models/v1/b/c.bin", [2]);
        await PutAsync("models/v10/d.bin", [3]);

        Assert.Equal(["a.bin", "b/c.bin"], (await ListAsync("models/v1")).Files.Select(file => file.Path));
    }

    [Fact]
    public async Task Pull_ObjectAndOthersBelowItsName_IsTheObject()
    {
        var bytes = TestBytes.Of(5000);
        await PutAsync("models/v1", bytes);
        await PutAsync("models/v1/v1", TestBytes.Of(5000, seed: 2));

        using var cache = OpenCache();
        using var single = await cache.PullAsync(Reference("models/v1"), cancellationToken: Cancellation);
        using var below = await cache.PullAsync(Reference("models/v1/"), cancellationToken: Cancellation);

        Assert.Equal([("v1", Digest.Of(bytes))], single.Manifest.Files.Select(file => (file.Path, file.Digest)));
        Assert.Equal(Digest.Of(TestBytes.Of(5000, seed: 2)), Assert.Single(below.Manifest.Files).Digest);
    }

    [Fact]
    public async Task List_MarkersOfFolders_AreNoFiles()
    {
        await PutAsync("models/", []);
        await PutAsync("models/v1/", []);
        await PutAsync("models/v1/empty", []);

        Assert.Equal(["v1/empty"], (await ListAsync("models/")).Files.Select(file => file.Path));
    }

    [Fact]
    public async Task List_NothingButMarkersOfFolders_IsNotFound()
    {
        await PutAsync("models/", []);

        Assert.Equal(OriginFailure.NotFound, (await FailAsync(() => ListAsync("models/"))).Failure);
        Assert.Equal(OriginFailure.NotFound, (await FailAsync(() => ListAsync("models"))).Failure);
    }

    [Fact]
    public async Task Pull_VersionNamed_IsThatOneForEver()
    {
        await KeepVersionsAsync();
        var first = await PutAsync("model.bin", TestBytes.Of(100_000));
        await PutAsync("model.bin", TestBytes.Of(100_000, seed: 2));
        var reference = Reference("model.bin", first);

        var listing = await _origin.ListAsync(reference, Cancellation);
        using var cache = OpenCache();
        using var pulled = await cache.PullAsync(reference, cancellationToken: Cancellation);
        using var present = await cache.PullAsync(Reference("model.bin"), cancellationToken: Cancellation);

        Assert.True(listing.IsFixed);
        Assert.Equal(Digest.Of(TestBytes.Of(100_000)), Assert.Single(pulled.Manifest.Files).Digest);
        Assert.Equal(Digest.Of(TestBytes.Of(100_000, seed: 2)), Assert.Single(present.Manifest.Files).Digest);

        // Long after, and with the object deleted.
        await gateway.Client.DeleteObjectAsync(_bucket, "model.bin", Cancellation);
        using var old = await cache.PullAsync(reference, new PullOptions { FreshFor = TimeSpan.Zero }, Cancellation);
        using var again = await cache.PullAsync(reference, new PullOptions { Refresh = true }, Cancellation);
        Assert.Equal((PullOutcome.Hit, PullOutcome.Revalidated), (old.Outcome, again.Outcome));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_NoSuchVersion_IsNotFound(bool keepsVersions)
    {
        if (keepsVersions)
            await KeepVersionsAsync();
        await PutAsync("model.bin", [1]);
        await PutAsync("model.bin/below", [1]);

        var failure = await FailAsync(() => _origin.ListAsync(Reference("model.bin", "no-such-version"), Cancellation));

        Assert.Equal(OriginFailure.NotFound, failure.Failure);
    }

    [Fact]
    public async Task List_VersionNull_IsNotFixedAsItIsWrittenOver()
    {
        await PutAsync("model.bin", [1]);

        Assert.False((await _origin.ListAsync(Reference("model.bin", "null"), Cancellation)).IsFixed);
    }

    [Fact]
    public async Task Pull_DigestInTheMetadata_IsHeldAgainstTheBytes()
    {
        var bytes = TestBytes.Of(5000);
        await gateway.PutAsync(_bucket, "right.bin", bytes, Digest.Of(bytes).ToString());
        await gateway.PutAsync(_bucket, "wrong.bin", bytes, Digest.Of([1]).ToString());
        await gateway.PutAsync(_bucket, "none.bin", bytes, "not a digest");
        using var cache = OpenCache();

        using var right = await cache.PullAsync(Reference("right.bin"), cancellationToken: Cancellation);
        using var none = await cache.PullAsync(Reference("none.bin"), cancellationToken: Cancellation);
        var wrong = await Assert.ThrowsAsync<Transfer.IntegrityException>(() =>
            cache.PullAsync(Reference("wrong.bin"), cancellationToken: Cancellation)
        );

        Assert.Equal(Digest.Of(bytes), (await ListAsync("right.bin")).Files.Single().Digest);
        Assert.Null((await ListAsync("none.bin")).Files.Single().Digest);
        Assert.Contains("is not what its origin promised", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(2, cache.List().Count);
    }

    [Fact]
    public async Task Pull_ReplacedInTheMiddle_IsChangedAndStoresNothing()
    {
        await PutAsync("model.bin", TestBytes.Of(20 << 20));
        var replacing = new MeddlingOrigin(
            _origin,
            opened => opened == 2 ? PutAsync("model.bin", TestBytes.Of(20 << 20, seed: 2)) : Task.CompletedTask
        );
        using var cache = OpenCache(replacing);

        var failure = await FailAsync(() => cache.PullAsync(Reference("model.bin"), cancellationToken: Cancellation));

        Assert.Equal(OriginFailure.Changed, failure.Failure);
        Assert.Contains("'model.bin' changed or vanished", failure.Message, StringComparison.Ordinal);
        Assert.Empty(cache.List());
    }

    [Fact]
    public async Task Pull_ReplacedInTheMiddleOfANamedVersion_IsThatVersionAllTheSame()
    {
        await KeepVersionsAsync();
        var version = await PutAsync("model.bin", TestBytes.Of(20 << 20));
        var replacing = new MeddlingOrigin(
            _origin,
            opened => opened == 2 ? PutAsync("model.bin", TestBytes.Of(20 << 20, seed: 2)) : Task.CompletedTask
        );
        using var cache = OpenCache(replacing);

        using var pulled = await cache.PullAsync(Reference("model.bin", version), cancellationToken: Cancellation);

        Assert.Equal(Digest.Of(TestBytes.Of(20 << 20)), Assert.Single(pulled.Manifest.Files).Digest);
    }

    [Theory]
    [InlineData("x/../../outside")]
    [InlineData("..")]
    [InlineData("./x")]
    [InlineData("x//y")]
    [InlineData("x\\y")]
    [InlineData("x\u0001y")]
    [InlineData("C:/x")]
    [InlineData("aux.txt")]
    [InlineData("Model.bin", "model.bin")]
    [InlineData("model", "model/part")]
    [InlineData("folder-with-bytes/")]
    public async Task Pull_KeysThatCannotBeFiles_IsBrokenAndFetchesNothing(params string[] keys)
    {
        await PutAsync("first.bin", [1]);
        using var cache = OpenCache();
        (await cache.PullAsync(Reference(""), cancellationToken: Cancellation)).Dispose();
        foreach (var key in keys)
            await PutAsync(key, [1]);

        var failure = await FailAsync(() =>
            cache.PullAsync(Reference(""), new PullOptions { Refresh = true }, Cancellation)
        );

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains("nothing was fetched", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(cache.List()).Files);
        Assert.Empty(Directory.EnumerateFiles(_directory.Path, "outside*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Pull_LongKeys_ArePulledWhereTheyCanBeFiles()
    {
        var deep = string.Join('/', Enumerable.Repeat("segment-of-twenty-23456", 40)) + "/model.bin";
        Assert.InRange(deep.Length, 900, 1024);
        await PutAsync(deep, TestBytes.Of(1000));
        using var cache = OpenCache();

        using var pulled = await cache.PullAsync(Reference(""), cancellationToken: Cancellation);
        Assert.Equal(TestBytes.Of(1000), await File.ReadAllBytesAsync(Path.Join(pulled.Path, deep), Cancellation));

        await PutAsync(new string('a', 1000), [1]);
        var failure = await FailAsync(() =>
            cache.PullAsync(Reference(""), new PullOptions { Refresh = true }, Cancellation)
        );
        Assert.Contains("longer than 255 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_Anonymous_ReadsWhatIsOpenToAllAndNothingElse()
    {
        using var anonymous = new S3Origin(new S3OriginOptions { Endpoint = gateway.Url, Anonymous = true });
        await PutAsync("models/model.bin", TestBytes.Of(1000));

        var listing = await FailAsync(() => anonymous.ListAsync(Reference("models/"), Cancellation));
        var single = await FailAsync(() => anonymous.ListAsync(Reference("models/model.bin"), Cancellation));
        await gateway.Client.PutBucketAclAsync(
            new() { BucketName = _bucket, ACL = S3CannedACL.PublicRead },
            Cancellation
        );
        await gateway.Client.PutObjectAclAsync(
            new()
            {
                BucketName = _bucket,
                Key = "models/model.bin",
                ACL = S3CannedACL.PublicRead,
            },
            Cancellation
        );
        using var cache = OpenCache(anonymous);
        using var pulled = await cache.PullAsync(Reference("models/"), cancellationToken: Cancellation);

        Assert.All(
            [listing, single],
            failure =>
            {
                Assert.Equal(OriginFailure.Denied, failure.Failure);
                Assert.Contains("origins.s3.anonymous", failure.Message, StringComparison.Ordinal);
                Assert.Contains("403 AccessDenied", failure.Message, StringComparison.Ordinal);
            }
        );
        Assert.Equal(1000, pulled.Manifest.SizeBytes);
    }

    [Fact]
    public async Task List_ReferenceOfACaller_IsReadWithoutTheOperatorsCredentials()
    {
        await PutAsync("models/model.bin", [1]);
        var reference = ModelReference.ParseUntrusted($"s3://{_bucket}/models/");

        var failure = await FailAsync(() => _origin.ListAsync(reference, Cancellation));
        await gateway.Client.PutBucketAclAsync(
            new() { BucketName = _bucket, ACL = S3CannedACL.PublicRead },
            Cancellation
        );

        Assert.Equal(OriginFailure.Denied, failure.Failure);
        Assert.Contains("without the operator's credentials", failure.Message, StringComparison.Ordinal);
        Assert.Single((await _origin.ListAsync(reference, Cancellation)).Files);
    }

    [Theory]
    [InlineData("models/")]
    [InlineData("models/model.bin")]
    public async Task List_WrongKeys_SaysWhichOfTheTwoIsWrong(string key)
    {
        await PutAsync("models/model.bin", [1]);
        using var secret = S3Site.Connect(gateway.Url, secretKey: "larder-canary-other-key");
        using var access = S3Site.Connect(gateway.Url, accessKey: "larder-canary-nobody");

        var wrongSecret = await FailAsync(() => secret.ListAsync(Reference(key), Cancellation));
        var wrongAccess = await FailAsync(() => access.ListAsync(Reference(key), Cancellation));

        Assert.Equal((OriginFailure.Denied, OriginFailure.Denied), (wrongSecret.Failure, wrongAccess.Failure));
        Assert.Contains(
            "the secret key does not belong to the access key",
            wrongSecret.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("the access key is not known there", wrongAccess.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("larder-canary", wrongSecret.ToString() + wrongAccess, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_RefusedInTheMiddle_IsDenied()
    {
        await PutAsync("model.bin", TestBytes.Of(1000));
        var file = (await ListAsync("model.bin")).Files.Single();
        using var revoked = S3Site.Connect(gateway.Url, secretKey: "larder-canary-other-key");

        var failure = await FailAsync(() => revoked.OpenAsync(Reference("model.bin"), file, null, Cancellation));

        Assert.Equal(OriginFailure.Denied, failure.Failure);
        Assert.DoesNotContain("larder-canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_ChecksumsWhereverSupported_WorksToo()
    {
        await PutAsync("small.bin", TestBytes.Of(1000));
        await PutAsync("empty.bin", []);
        await PutAsync("large.bin", TestBytes.Of(20 << 20));
        using var origin = S3Site.Connect(gateway.Url, options: new() { Checksums = S3Checksums.WhenSupported });
        using var cache = OpenCache(origin);

        using var pulled = await cache.PullAsync(Reference(""), cancellationToken: Cancellation);

        Assert.Equal(1000 + (20 << 20), pulled.Manifest.SizeBytes);
    }

    [Fact]
    public async Task List_MoreThanAPage_HasAllOfThem()
    {
        await PutManyAsync(2_345);

        var listing = await ListAsync("many/");

        Assert.Equal(2_345, listing.Files.Select(file => file.Path).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    [Trait("Category", "Full")]
    public async Task List_HundredThousandObjects_HasAllOfThem()
    {
        await PutManyAsync(100_000);

        var listing = await ListAsync("many/");

        Assert.Equal(100_000, listing.Files.Select(file => file.Path).Distinct(StringComparer.Ordinal).Count());
    }

    private ModelCache OpenCache(IOrigin? origin = null) =>
        new(new ModelCacheOptions { StorePath = _directory["store"], Retries = 0 }, [origin ?? _origin]);

    private ModelReference Reference(string key, string? version = null) =>
        ModelReference.Parse(
            $"s3://{_bucket}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}"
                + (version is null ? "" : $"?versionId={Uri.EscapeDataString(version)}")
        );

    private Task<OriginListing> ListAsync(string key) => _origin.ListAsync(Reference(key), Cancellation);

    private Task<string?> PutAsync(string key, byte[] bytes) => gateway.PutAsync(_bucket, key, bytes);

    private Task PutManyAsync(int count) =>
        Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancellation },
            async (number, _) =>
                await PutAsync(string.Create(CultureInfo.InvariantCulture, $"many/{number % 100}/{number}.bin"), [1])
        );

    private async Task KeepVersionsAsync() =>
        await gateway.Client.PutBucketVersioningAsync(
            new()
            {
                BucketName = _bucket,
                VersioningConfig = new() { Status = VersionStatus.Enabled },
            },
            Cancellation
        );

    private static Task<OriginException> FailAsync(Func<Task> act) => Assert.ThrowsAsync<OriginException>(act);
}
