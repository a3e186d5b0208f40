using Larder.Content;
using Larder.Origins;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Tests.Sharing;

public sealed class SharedBlobsTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly SharedTeam _team;

    public SharedBlobsTests() => _team = new SharedTeam(_time);

    private static CancellationToken Token => SharedCacheCalls.Token;

    private static ModelReference Reference => FakeOrigin.Reference();

    public ValueTask DisposeAsync() => _team.DisposeAsync();

    [Fact]
    public async Task ListAsync_HasEveryFileWithItsDigestAndRanges()
    {
        var (answer, blobs, _) = await OpenAsync();
        using var open = blobs;

        var listing = await blobs.ListAsync(Reference, Token);

        Assert.Equal(
            answer.Manifest.Files.Select(file => (file.Path, (long?)file.SizeBytes, (Digest?)file.Digest, true)),
            listing.Files.Select(file => (file.Path, file.SizeBytes, file.Digest, file.HasRanges))
        );
    }

    [Fact]
    public async Task OpenAsync_OfARange_GivesItsBytesWithoutAnotherLook()
    {
        var (answer, blobs, _) = await OpenAsync();
        using var open = blobs;
        _team.Store.ForgetRequests();

        await using var body = await blobs.OpenAsync(Reference, blobs.Listing.Files[0], new ByteRange(10, 20), Token);

        Assert.Equal(answer.Bytes()[10..30], await ReadAllAsync(body));
        Assert.Equal("open", Assert.Single(_team.Store.Requests).Verb);
    }

    [Fact]
    public async Task OpenAsync_BlobWasSentAgainMeanwhile_IsOpenedInItsNewVersion()
    {
        var (answer, blobs, _) = await OpenAsync();
        using var open = blobs;
        _team.Store.Put(answer.BlobName(), answer.Bytes());

        await using var body = await blobs.OpenAsync(Reference, blobs.Listing.Files[0], null, Token);

        Assert.Equal(answer.Bytes(), await ReadAllAsync(body));
    }

    [Fact]
    public async Task OpenAsync_BlobIsGone_SaysSoAndIsNotWorthAnotherTry()
    {
        var (answer, blobs, _) = await OpenAsync();
        using var open = blobs;
        _team.Store.Remove(answer.BlobName());

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            blobs.OpenAsync(Reference, blobs.Listing.Files[0], null, Token)
        );

        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Contains(answer.BlobName(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_BodyThatHangs_EndsWithThePatience()
    {
        var (_, blobs, cache) = await OpenAsync();
        using var open = blobs;
        _team.Store.Body = _ => new HungStream();
        await using var body = await blobs.OpenAsync(Reference, blobs.Listing.Files[0], null, Token);

        var read = body.ReadAsync(new byte[10], Token).AsTask();
        await _time.WaitForTimerAsync(cache.Options.Deadline);
        _time.Advance(cache.Options.Deadline);

        await Assert.ThrowsAsync<IOException>(() => read);
        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            blobs.OpenAsync(Reference, blobs.Listing.Files[1], null, Token)
        );
        Assert.Equal(OriginFailure.Broken, failure.Failure);
        Assert.Null(await cache.FindOneAsync(SharedTeam.Key()));
    }

    [Fact]
    public async Task ReadAsync_ReaderTakesHisTime_CostsNothing()
    {
        var (answer, blobs, cache) = await OpenAsync();
        using var open = blobs;
        await using var body = await blobs.OpenAsync(Reference, blobs.Listing.Files[0], null, Token);
        var bytes = new byte[answer.Bytes().Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Equal(1, await body.ReadAsync(bytes.AsMemory(i, 1), Token));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(answer.Bytes(), bytes);
        Assert.Equal(TimeSpan.Zero, cache.Patient.Patience.Spent);
    }

    private async Task<(Answer Answer, SharedBlobs Blobs, SharedCache Cache)> OpenAsync()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        var cache = _team.NewCache();
        var entry = await cache.FindOneAsync(answer.Key);
        var manifest = await cache.ReadManifestAsync(entry!, Token);
        return (answer, new SharedBlobs(cache, entry!, manifest!), cache);
    }

    private static async Task<byte[]> ReadAllAsync(Stream body)
    {
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }

    private sealed class HungStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
