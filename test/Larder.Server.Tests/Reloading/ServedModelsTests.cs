using Larder.Content;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Origins;
using Larder.Server.Configuration;
using Larder.Server.Runtimes;
using Larder.Server.Tests.Models;
using Larder.TestKit;

namespace Larder.Server.Tests.Reloading;

public sealed class ServedModelsTests
{
    private static readonly OnnxException Broken = new(OnnxErrorCode.InvalidProtobuf, "It is none.");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reload_ModelIsRemovedWhileItsOriginIsAsked_NothingOfItStaysLoaded()
    {
        await using var world = new ModelWorld(model => model with { Warm = true });
        await world.PredictAsync();
        world.Publish("two");
        world.Origin.Listing.Close();
        var renewal = world.RenewAsync();
        await world.Origin.Listing.Reached;

        world.Remove();
        world.Origin.Listing.Open();
        await renewal;

        await EmptyAsync(world);
    }

    [Fact]
    public async Task Reload_ModelHasMovedWhileItsOldOriginIsAsked_OnlyWhatItIsNowStaysLoaded()
    {
        await using var world = new ModelWorld();
        await world.PredictAsync();
        var two = world.Publish("two");
        world.Runtime.Loading.Close();
        var renewal = world.RenewAsync();
        await world.Runtime.Loading.Reached;

        world.Reload(model => model with { From = FakeOrigin.Reference("moved") });
        var three = world.Publish("three");
        world.Runtime.Loading.Open();
        await renewal;
        await world.RenewAsync();

        Assert.Equal(three, (await world.PredictAsync()).Version);
        await UntilAsync(() => world.Graphs.Statistics.Entries == 1);
        Assert.False(IsLoaded(world, two));
    }

    [Fact]
    public async Task Reload_ModelWhoseRequestsAskHasMoved_WhatItWasIsUnloaded()
    {
        await using var world = new ModelWorld(model => model with { Revalidate = RevalidateMode.Request });
        await world.PredictAsync();

        world.Reload(model => model with { From = FakeOrigin.Reference("moved") });

        await EmptyAsync(world);
    }

    [Fact]
    public async Task Reload_ModelHasMovedWhileItsFirstRequestLoadsIt_WhatItWasIsUnloadedAfterThat()
    {
        await using var world = new ModelWorld();
        world.Runtime.Running.Close();
        var request = world.PredictAsync();
        await world.Runtime.Running.Reached;

        world.Reload(model => model with { From = FakeOrigin.Reference("moved") });
        world.Runtime.Running.Open();
        await request;

        await EmptyAsync(world);
    }

    [Fact]
    public async Task Reload_ModelThatWasUnloadedIsWarmNow_IsLoaded()
    {
        await using var world = new ModelWorld();
        var one = (await world.PredictAsync()).Version;
        await world.Graphs.ClearAsync(Stop);

        world.Reload(model => model with { Warm = true });

        await UntilAsync(() => IsLoaded(world, one));
    }

    [Fact]
    public async Task Reload_TimesChangeWhileTheNewVersionHasTheOldOnesPlace_OldOneComesBackWhereTheNewIsBroken()
    {
        await using var world = new ModelWorld(graphs: new GraphCacheOptions { MaxGraphs = 1 });
        var one = (await world.PredictAsync()).Version;
        world.Runtime.Break(world.Publish("two"), Broken);
        world.Runtime.Loading.Close();
        var renewal = world.RenewAsync();
        await world.Runtime.Loading.Reached;

        world.Reload(model => model with { Pull = model.Pull with { FreshFor = TimeSpan.FromHours(1) } });
        world.Runtime.Loading.Open();
        await Assert.ThrowsAsync<OnnxException>(() => renewal);

        Assert.Equal(one, (await world.PredictAsync()).Version);
    }

    [Fact]
    public async Task Reload_ModelMovesToWhereNothingIsAndThenItsTimesChange_OldFilesGoOnAnsweringAndTheNewPlaceIsAsked()
    {
        await using var world = new ModelWorld();
        var one = (await world.PredictAsync()).Version;
        world.Origin.Failure = new OriginException(OriginFailure.Unavailable, "fake://origin/moved/", "It is down.");
        world.Reload(model => model with { From = FakeOrigin.Reference("moved") });

        world.Reload(model => model with { Pull = model.Pull with { FreshFor = TimeSpan.FromHours(1) } });

        var answer = await world.PredictAsync();
        Assert.Equal((one, true), (answer.Version, answer.GraphFromCache));
        // As those of where it was before, and not as fresh files of where it is now.
        Assert.True(world.Standing.Now.Answer!.IsRetained);
        Assert.InRange(world.Standing.Now.AskAt, DateTimeOffset.MinValue, world.Time.GetUtcNow());
    }

    [Fact]
    public async Task Reload_ModelMovesToWhereNothingIsAndThenItsCacheIsCleared_OldFilesGoOnAnswering()
    {
        await using var world = new ModelWorld();
        var one = (await world.PredictAsync()).Version;
        world.Origin.Failure = new OriginException(OriginFailure.Unavailable, "fake://origin/moved/", "It is down.");
        world.Reload(model => model with { From = FakeOrigin.Reference("moved") });

        await world.Service<ModelRuntimes>().UnloadAsync(world.Standing.Settings, Stop);

        var answer = await world.PredictAsync();
        Assert.Equal((one, true), (answer.Version, answer.GraphFromCache));
    }

    private static bool IsLoaded(ModelWorld world, Digest version)
    {
        var settings = world.Standing.Settings;
        var key = world.Runtime.TryFindGraph(settings with { Pull = settings.Pull with { Digest = version } })!;
        return world.Graphs.Describe(key).Loaded is not null;
    }

    private static Task EmptyAsync(ModelWorld world) => UntilAsync(() => world.Graphs.Statistics.Entries == 0);

    // What the server does by itself ends on threads of its own, and tells nobody.
    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
            await Task.Delay(1, Stop);
    }
}
