using Larder.Origins;
using Larder.Pull;

namespace Larder.Onnx.Tests.Serving;

public sealed partial class OnnxModelsTests : IAsyncDisposable
{
    private readonly ServingWorld _world = new();

    [Fact]
    public async Task RentAsync_NotStored_PullsAndLoads()
    {
        await using var lease = await _world.RentAsync();

        Assert.Equal((PullOutcome.Miss, false, false), (lease.Files, lease.FilesFromCache, lease.GraphFromCache));
        Assert.Equal(["a", "b"], lease.Model.Inputs.Select(input => input.Name));
    }

    [Fact]
    public async Task RentAsync_LoadedAndFresh_AsksNobody()
    {
        var first = await _world.UseAsync();
        _world.Origin.IsForbidden = true;

        await using var second = await _world.RentAsync();

        Assert.Equal((PullOutcome.Hit, true, true), (second.Files, second.FilesFromCache, second.GraphFromCache));
        Assert.Equal(first.Version, second.Version);
        Assert.Equal(TimeSpan.Zero, second.FilesTime);
    }

    [Fact]
    public async Task RentAsync_StoredButNotLoaded_LoadsFromTheStore()
    {
        using (await _world.Files.PullAsync(ServingWorld.Reference(), null, TestContext.Current.CancellationToken)) { }
        _world.Origin.IsForbidden = true;

        await using var lease = await _world.RentAsync();

        Assert.Equal((PullOutcome.Hit, true, false), (lease.Files, lease.FilesFromCache, lease.GraphFromCache));
    }

    [Fact]
    public async Task RentAsync_FreshForHasPassed_AsksTheOriginAndGoesOnWithTheLoadedModel()
    {
        await _world.UseAsync();
        _world.Time.Advance(TimeSpan.FromMinutes(5));

        await using var lease = await _world.RentAsync();

        Assert.Equal((PullOutcome.Revalidated, true), (lease.Files, lease.GraphFromCache));
    }

    [Fact]
    public async Task RentAsync_NewVersionAtTheOrigin_LoadsIt()
    {
        var old = await _world.UseAsync();
        _world.PutNewVersion();
        _world.Time.Advance(TimeSpan.FromMinutes(5));

        await using var lease = await _world.RentAsync();

        Assert.Equal((PullOutcome.Miss, false), (lease.Files, lease.GraphFromCache));
        Assert.NotEqual(old.Version, lease.Version);
    }

    [Fact]
    public async Task RentAsync_StoredSomeTimeAgo_IsFreshOnlyForTheRestOfItsTime()
    {
        using (await _world.Files.PullAsync(ServingWorld.Reference(), null, TestContext.Current.CancellationToken)) { }
        _world.Time.Advance(TimeSpan.FromMinutes(4));
        var hit = await _world.UseAsync();
        _world.Time.Advance(TimeSpan.FromMinutes(1));

        var later = await _world.UseAsync();

        Assert.Equal((PullOutcome.Hit, PullOutcome.Revalidated), (hit.Files, later.Files));
    }

    [Fact]
    public async Task RentAsync_AnotherCallerWantsItFresher_AsksTheOriginForHim()
    {
        await _world.UseAsync(ServingWorld.Request(freshFor: TimeSpan.FromHours(1)));
        _world.Time.Advance(TimeSpan.FromMinutes(1));

        var hasty = await _world.UseAsync(ServingWorld.Request(freshFor: TimeSpan.FromSeconds(30)));
        var patient = await _world.UseAsync(ServingWorld.Request(freshFor: TimeSpan.FromHours(1)));

        Assert.Equal((PullOutcome.Revalidated, PullOutcome.Hit), (hasty.Files, patient.Files));
    }

    [Fact]
    public async Task RentAsync_FreshForEver_IsServed()
    {
        var forEver = ServingWorld.Request(freshFor: TimeSpan.MaxValue);
        await _world.UseAsync(forEver);
        _world.Time.Advance(TimeSpan.FromDays(1000));

        Assert.Equal(PullOutcome.Hit, (await _world.UseAsync(forEver)).Files);
    }

    [Fact]
    public async Task RentAsync_VersionIsNamed_ThatVersionAnswers()
    {
        var old = await _world.UseAsync();
        _world.PutNewVersion();
        _world.Time.Advance(TimeSpan.FromMinutes(5));
        var present = await _world.UseAsync();
        var request = ServingWorld.Request();

        var named = await _world.UseAsync(request with { Pull = request.Pull with { Digest = old.Version } });

        Assert.Equal(old.Version, named.Version);
        Assert.NotEqual(present.Version, named.Version);
    }

    [Fact]
    public async Task RentAsync_Refresh_AsksTheOriginAlthoughItIsFresh()
    {
        await _world.UseAsync();
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        var request = ServingWorld.Request();

        var refreshed = await _world.UseAsync(request with { Pull = request.Pull with { Refresh = true } });

        Assert.Equal(PullOutcome.Revalidated, refreshed.Files);
    }

    [Fact]
    public async Task RentAsync_Offline_ServesWhatIsStoredHoweverOld()
    {
        await _world.UseAsync();
        _world.Time.Advance(TimeSpan.FromDays(1));
        _world.Origin.IsForbidden = true;
        var request = ServingWorld.Request();

        var offline = await _world.UseAsync(request with { Pull = request.Pull with { Offline = true } });

        Assert.Equal((PullOutcome.Hit, true), (offline.Files, offline.GraphFromCache));
    }

    [Fact]
    public async Task RentAsync_OriginIsDown_ServesStaleAndAsksAgainAfterTenSeconds()
    {
        await _world.UseAsync();
        _world.Time.Advance(TimeSpan.FromMinutes(5));
        _world.Origin.Failure = Down();

        var asked = await _world.UseAsync();
        _world.Time.Advance(TimeSpan.FromSeconds(9));
        var notAsked = await _world.UseAsync();
        var listings = _world.Origin.Listings;
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        _world.Origin.Failure = null;
        var back = await _world.UseAsync();

        Assert.Equal(
            (PullOutcome.Stale, PullOutcome.Stale, PullOutcome.Revalidated),
            (asked.Files, notAsked.Files, back.Files)
        );
        Assert.Equal((2, 3), (listings, _world.Origin.Listings));
    }

    [Fact]
    public async Task RentAsync_OriginIsDown_DoesNotServeStaleToWhoRefusesIt()
    {
        await _world.UseAsync();
        _world.Time.Advance(TimeSpan.FromMinutes(5));
        _world.Origin.Failure = Down();
        await _world.UseAsync();
        var request = ServingWorld.Request();

        await Assert.ThrowsAsync<OriginException>(() =>
            _world.UseAsync(request with { Pull = request.Pull with { StaleIfError = false } })
        );
    }

    [Fact]
    public async Task RentAsync_FileIsNoModel_ThrowsAndHoldsNothing()
    {
        _world.Origin.Put("model.onnx", "no model"u8.ToArray());

        await Assert.ThrowsAsync<OnnxException>(() => _world.RentAsync());

        Assert.False(_world.AnyLeased);
    }

    [Fact]
    public async Task RentAsync_NoFileIsAModel_ThrowsAndHoldsNothing()
    {
        _world.Origin.Remove("model.onnx");
        _world.Origin.Put("readme.txt", "no model"u8.ToArray());

        await Assert.ThrowsAsync<OnnxFileException>(() => _world.RentAsync());

        Assert.False(_world.AnyLeased);
    }

    [Fact]
    public async Task RentAsync_CancelledDuringThePull_HoldsNothing()
    {
        _world.Origin.Listing.Close();
        using var leaving = new CancellationTokenSource();
        var rent = _world.RentAsync(cancellationToken: leaving.Token);
        await _world.Origin.Listing.Reached;

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rent);
        Assert.False(_world.AnyLeased);
    }

    [Fact]
    public async Task RentAsync_ManyAtOnce_FetchAndLoadOnce()
    {
        var rents = Enumerable.Range(0, 64).Select(_ => Task.Run(() => _world.RentAsync()));

        var leases = await Task.WhenAll(rents);

        Assert.Single(leases.Select(lease => lease.Model).Distinct());
        Assert.Equal(["model.onnx"], _world.Origin.Opened);
        Assert.Single(_world.Graphs.ListGraphs());
        Array.ForEach(leases, lease => lease.Dispose());
    }

    [Fact]
    public async Task RentAsync_WhoBroughtTheFilesHasLeft_LoadsForTheOthers()
    {
        var waits = new TimerWatch();
        await using var world = new ServingWorld(maxGraphs: 1, graphTime: waits);
        world.Origin.Put("other.onnx", Models.SumAndProduct());
        var blocking = await world.RentAsync(ServingWorld.Request() with { File = "other.onnx" });
        using var leaving = new CancellationTokenSource();
        var first = world.RentAsync(cancellationToken: leaving.Token);
        await waits.MadeAsync();
        var second = world.RentAsync();
        await waits.MadeAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        await blocking.DisposeAsync();

        await using var lease = await second;
        Assert.Equal("model.onnx", Path.GetFileName(lease.Model.Path));
        Assert.True(world.AnyLeased);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static OriginException Down() =>
        new(OriginFailure.Unavailable, "fake://origin/model/", "The test took it down.");
}
