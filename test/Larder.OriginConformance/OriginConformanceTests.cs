using System.Text;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.TestKit;

namespace Larder.OriginConformance;

/// <summary>What every origin keeps, whatever its protocol.</summary>
public abstract class OriginConformanceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A place with nothing in it.</summary>
    protected abstract Task<OriginSite> CreateSiteAsync();

    [Fact]
    public async Task List_FilesInDirectories_HasTheirPathsAndLengths()
    {
        await using var site = await CreateSiteAsync();
        await site.PutAsync("model.onnx", TestBytes.Of(1234));
        await site.PutAsync("a/b/c.txt", [1]);
        await site.PutAsync("a/empty", []);

        var listing = await site.Origin.ListAsync(site.Reference, Cancellation);

        Assert.Equal(
            [("a/b/c.txt", 1), ("a/empty", 0), ("model.onnx", 1234)],
            listing.Files.Select(file => (file.Path, file.SizeBytes)).OrderBy(file => file.Path, StringComparer.Ordinal)
        );
        Assert.All(listing.Files, file => Assert.Equal(site.TellsDigests, file.Digest is not null));
    }

    [Theory]
    [InlineData("with space.bin")]
    [InlineData("plus+and&and=.bin")]
    [InlineData("percent%20.bin")]
    [InlineData("hash#.bin")]
    [InlineData("question?.bin")]
    [InlineData("quote'\"<>.bin")]
    [InlineData("Übermaß-模型-é.bin")]
    [InlineData("deep/er/than/that/model.bin")]
    public async Task Pull_OddName_KeepsNameAndBytes(string path)
    {
        await using var site = await CreateSiteAsync();
        var bytes = TestBytes.Of(10_000);
        await site.PutAsync(path, bytes);
        using var directory = new TempDirectory();
        using var cache = site.OpenCache(directory);

        using var snapshot = await cache.PullAsync(site.Reference, cancellationToken: Cancellation);

        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Join(snapshot.Path, path), Cancellation));
    }

    [Fact]
    public async Task Pull_LargeFileOverSeveralConnections_IsExact()
    {
        await using var site = await CreateSiteAsync();
        var bytes = TestBytes.Of(37 * 1024 * 1024 + 11);
        await site.PutAsync("model.bin", bytes);
        using var directory = new TempDirectory();
        using var cache = site.OpenCache(directory);

        using var snapshot = await cache.PullAsync(site.Reference, cancellationToken: Cancellation);

        Assert.Equal(Digest.Of(bytes), snapshot.Manifest.Files.Single().Digest);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Join(snapshot.Path, "model.bin"), Cancellation));
    }

    [Fact]
    public async Task Open_Parts_HaveExactlyTheBytesAskedFor()
    {
        await using var site = await CreateSiteAsync();
        var bytes = TestBytes.Of(3_000_000);
        await site.PutAsync("model.bin", bytes);
        var file = (await site.Origin.ListAsync(site.Reference, Cancellation)).Files.Single();
        if (!file.HasRanges)
            Assert.Skip("This origin does not send parts.");

        foreach (var (offset, length) in new[] { (0, 1), (0, 1000), (999_999, 1_000_001), (2_999_999, 1) })
        {
            await using var body = await site.Origin.OpenAsync(
                site.Reference,
                file,
                new ByteRange(offset, length),
                Cancellation
            );
            Assert.Equal(bytes[offset..(offset + length)], await ReadAsync(body));
        }
    }

    [Fact]
    public async Task Pull_AgainWithoutChange_FetchesNothing()
    {
        await using var site = await CreateSiteAsync();
        await site.PutAsync("a.bin", TestBytes.Of(100_000));
        await site.PutAsync("b.bin", TestBytes.Of(100_000, seed: 2));
        using var directory = new TempDirectory();
        using var cache = site.OpenCache(directory);
        using var first = await cache.PullAsync(site.Reference, cancellationToken: Cancellation);

        using var second = await cache.PullAsync(site.Reference, new PullOptions { Refresh = true }, Cancellation);

        Assert.Equal(PullOutcome.Revalidated, second.Outcome);
        Assert.Equal(first.Digest, second.Digest);
    }

    [Fact]
    public async Task Pull_OneOfManyChanged_FetchesThatOne()
    {
        await using var site = await CreateSiteAsync();
        for (var i = 0; i < 10; i++)
            await site.PutAsync($"part-{i}.bin", TestBytes.Of(50_000, seed: i));
        using var directory = new TempDirectory();
        using var cache = site.OpenCache(directory);
        using var first = await cache.PullAsync(site.Reference, cancellationToken: Cancellation);
        var changed = TestBytes.Of(50_000, seed: 100);
        await site.PutAsync("part-3.bin", changed);
        var sentBefore = site.BytesSent;

        using var second = await cache.PullAsync(site.Reference, new PullOptions { Refresh = true }, Cancellation);

        Assert.Equal((1, 50_000), (second.FilesFetched, second.BytesFetched));
        if (site.BytesSent is { } sent)
            Assert.InRange(sent - sentBefore!.Value, 50_000, 99_999);
        Assert.Equal(changed, await File.ReadAllBytesAsync(Path.Join(second.Path, "part-3.bin"), Cancellation));
        // Whoever holds the version before goes on reading it.
        Assert.Equal(
            TestBytes.Of(50_000, seed: 3),
            await File.ReadAllBytesAsync(Path.Join(first.Path, "part-3.bin"), Cancellation)
        );
    }

    [Fact]
    public async Task Pull_FileVanishedAtTheOrigin_VanishesFromTheSnapshot()
    {
        await using var site = await CreateSiteAsync();
        await site.PutAsync("keeps.bin", TestBytes.Of(1000));
        await site.PutAsync("goes.bin", TestBytes.Of(1000, seed: 2));
        using var directory = new TempDirectory();
        using var cache = site.OpenCache(directory);
        (await cache.PullAsync(site.Reference, cancellationToken: Cancellation)).Dispose();
        await site.DeleteAsync("goes.bin");

        using var second = await cache.PullAsync(site.Reference, new PullOptions { Refresh = true }, Cancellation);

        Assert.Equal(["keeps.bin"], second.Manifest.Files.Select(file => file.Path));
        Assert.Equal(0, second.FilesFetched);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_ReplacedSinceTheListing_IsChangedAndNeverAMixture(bool inParts)
    {
        await using var site = await CreateSiteAsync();
        await site.PutAsync("model.bin", TestBytes.Of(200_000));
        var listing = await site.Origin.ListAsync(site.Reference, Cancellation);
        var file = listing.Files.Single();
        if (listing.IsFixed || listing.Revision is not null)
            Assert.Skip("A listing of this origin stays true for ever.");
        if (inParts && !file.HasRanges)
            Assert.Skip("This origin does not send parts.");
        await site.PutAsync("model.bin", TestBytes.Of(200_000, seed: 2));

        var failure = await Assert.ThrowsAsync<OriginException>(async () =>
        {
            await using var body = await site.Origin.OpenAsync(
                site.Reference,
                file,
                inParts ? new ByteRange(100_000, 100_000) : null,
                Cancellation
            );
            await ReadAsync(body);
        });

        Assert.Equal(OriginFailure.Changed, failure.Failure);
    }

    [Fact]
    public async Task Open_DeletedSinceTheListing_IsChanged()
    {
        await using var site = await CreateSiteAsync();
        await site.PutAsync("model.bin", TestBytes.Of(1000));
        await site.PutAsync("other.bin", TestBytes.Of(1000, seed: 2));
        var listing = await site.Origin.ListAsync(site.Reference, Cancellation);
        if (listing.IsFixed || listing.Revision is not null)
            Assert.Skip("A listing of this origin stays true for ever.");
        await site.DeleteAsync("model.bin");

        var failure = await Assert.ThrowsAsync<OriginException>(async () =>
        {
            var file = listing.Files.Single(file => file.Path == "model.bin");
            await using var body = await site.Origin.OpenAsync(site.Reference, file, null, Cancellation);
            await ReadAsync(body);
        });

        Assert.Equal(OriginFailure.Changed, failure.Failure);
    }

    [Fact]
    public async Task List_NothingThere_IsNotFoundAndSaysWhat()
    {
        await using var site = await CreateSiteAsync();
        await site.PutAsync("model.bin", [1]);
        using var directory = new TempDirectory();
        using var cache = site.OpenCache(directory);

        foreach (var missing in site.Missing)
        {
            var failure = await Assert.ThrowsAsync<OriginException>(() =>
                cache.PullAsync(missing, cancellationToken: Cancellation)
            );
            Assert.Equal((OriginFailure.NotFound, missing.Text), (failure.Failure, failure.Reference));
            AssertTellsNoSecret(site, failure);
        }
        Assert.Empty(cache.List());
    }

    [Fact]
    public async Task List_ByAStranger_IsDenied()
    {
        await using var site = await CreateSiteAsync();
        await site.PutAsync("model.bin", [1]);
        if (site.Stranger is not var (origin, reference))
        {
            Assert.Skip("Everybody may read here.");
            return;
        }

        var failure = await Assert.ThrowsAsync<OriginException>(() => origin.ListAsync(reference, Cancellation));

        Assert.Equal(OriginFailure.Denied, failure.Failure);
        AssertTellsNoSecret(site, failure);
    }

    [Fact]
    public async Task List_NoServer_IsUnavailable()
    {
        await using var site = await CreateSiteAsync();
        if (site.Unreachable is not var (origin, reference))
        {
            Assert.Skip("There is no server.");
            return;
        }

        var failure = await Assert.ThrowsAsync<OriginException>(() => origin.ListAsync(reference, Cancellation));

        Assert.Equal(OriginFailure.Unavailable, failure.Failure);
        AssertTellsNoSecret(site, failure);
    }

    [Fact]
    public async Task List_Cancelled_IsCancelled()
    {
        await using var site = await CreateSiteAsync();
        await site.PutAsync("model.bin", [1]);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            site.Origin.ListAsync(site.Reference, cancelled.Token)
        );
    }

    [Fact]
    public async Task Pull_WithSecrets_LeavesThemNowhere()
    {
        await using var site = await CreateSiteAsync();
        await site.PutAsync("model.bin", TestBytes.Of(1000));
        using var directory = new TempDirectory();
        using var cache = site.OpenCache(directory);

        (await cache.PullAsync(site.Reference, cancellationToken: Cancellation)).Dispose();

        foreach (var path in Directory.EnumerateFiles(directory.Path, "*", SearchOption.AllDirectories))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(path, Cancellation));
            Assert.All(site.Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        }
        Assert.All(
            site.Secrets,
            secret => Assert.DoesNotContain(secret, site.Reference.ToString(), StringComparison.Ordinal)
        );
    }

    private static void AssertTellsNoSecret(OriginSite site, Exception failure) =>
        Assert.All(site.Secrets, secret => Assert.DoesNotContain(secret, failure.ToString(), StringComparison.Ordinal));

    private static async Task<byte[]> ReadAsync(Stream body)
    {
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }
}
