using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Origins;
using Larder.Server.Configuration;
using Larder.Server.Models;

namespace Larder.Server.Tests.Models;

public sealed class ModelRenewalsTests
{
    private static readonly OnnxException Broken = new(OnnxErrorCode.InvalidProtobuf, "It is none.");

    [Fact]
    public async Task Renew_NothingNewer_IsFreshAgain()
    {
        await using var world = new ModelWorld();
        await world.PredictAsync();
        world.Time.Advance(ModelWorld.FreshFor * 2);

        var renewal = await world.RenewAsync();

        Assert.Null(renewal.Before);
        Assert.Equal(world.Time.GetUtcNow(), world.State.Checked);
        Assert.Equal(("loaded", (Digest?)null), (world.State.State, world.State.Next));
    }

    [Fact]
    public async Task Renew_IsNoUseOfTheModel()
    {
        await using var world = new ModelWorld();
        await world.PredictAsync();
        var before = (world.Files.GetStatistics().Cache, world.Graphs.Statistics, world.State.LastUsed);
        world.Time.Advance(ModelWorld.FreshFor);

        await world.RenewAsync();

        Assert.Equal(before, (world.Files.GetStatistics().Cache, world.Graphs.Statistics, world.State.LastUsed));
    }

    [Fact]
    public async Task Renew_NewVersion_OldOneAnswersUntilItIsLoadedAndThenGoes()
    {
        await using var world = new ModelWorld();
        var one = (await world.PredictAsync()).Version;
        var two = world.Publish("two");
        world.Runtime.Loading.Close();
        var renewal = world.RenewAsync();
        await world.Runtime.Loading.Reached;

        var during = await world.PredictAsync();
        var state = world.State;
        world.Runtime.Loading.Open();
        await renewal;
        var after = await world.PredictAsync();

        Assert.Equal((one, true), (during.Version, during.GraphFromCache));
        Assert.Equal(("loaded", one, two), (state.State, state.Version!.Value, state.Next!.Value));
        Assert.Null(state.NextFailure);
        Assert.Equal((two, true, true), (after.Version, after.FilesFromCache, after.GraphFromCache));
        await GoneAsync(world, one);
        Assert.Null(world.State.Previous);
    }

    [Fact]
    public async Task Renew_OldVersionIsInUse_IsUnloadedWhenItsLastRequestIsAnswered()
    {
        await using var world = new ModelWorld();
        var one = (await world.PredictAsync()).Version;
        world.Runtime.Running.Close();
        var running = world.PredictAsync();
        await world.Runtime.Running.Reached;
        var two = world.Publish("two");

        await world.RenewAsync();
        var state = world.State;
        world.Runtime.Running.Open();

        Assert.Equal((two, one), (state.Version!.Value, state.Previous!.Value));
        Assert.Equal(one, (await running).Version);
        await GoneAsync(world, one);
        Assert.Equal(two, (await world.PredictAsync()).Version);
    }

    [Fact]
    public async Task Renew_NewVersionCannotBeLoaded_OldOneGoesOnAndBothAreShown()
    {
        await using var world = new ModelWorld();
        var one = (await world.PredictAsync()).Version;
        var two = world.Publish("two");
        world.Runtime.Break(two, Broken);

        await Assert.ThrowsAsync<OnnxException>(world.RenewAsync);
        var answer = await world.PredictAsync();
        var state = world.State;

        Assert.Equal((one, true), (answer.Version, answer.GraphFromCache));
        Assert.Equal(("loaded", one, two), (state.State, state.Version!.Value, state.Next!.Value));
        Assert.Equal("model-broken", state.NextFailure?.Type);
        Assert.Contains(
            world.Logs.Warnings,
            message => message.Contains($"Version {two} of model could not be loaded", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Renew_NewVersionCannotBeLoadedAndNobodyComesForLong_OldOneAnswersStill()
    {
        await using var world = new ModelWorld();
        var one = (await world.PredictAsync()).Version;
        world.Runtime.Break(world.Publish("two"), Broken);
        await Assert.ThrowsAsync<OnnxException>(world.RenewAsync);
        world.Time.Advance(TimeSpan.FromHours(3));

        Assert.Equal(one, (await world.PredictAsync()).Version);
    }

    [Fact]
    public async Task Renew_BrokenVersionIsFollowedByAWholeOne_SwitchesToThat()
    {
        await using var world = new ModelWorld();
        await world.PredictAsync();
        world.Runtime.Break(world.Publish("two"), Broken);
        await Assert.ThrowsAsync<OnnxException>(world.RenewAsync);
        var three = world.Publish("three");

        await world.RenewAsync();

        Assert.Equal(three, (await world.PredictAsync()).Version);
        Assert.Null(world.State.Next);
    }

    [Fact]
    public async Task Renew_OriginGoesBackToTheOldVersion_BrokenOneIsForgotten()
    {
        await using var world = new ModelWorld();
        var one = (await world.PredictAsync()).Version;
        world.Runtime.Break(world.Publish("two"), Broken);
        await Assert.ThrowsAsync<OnnxException>(world.RenewAsync);
        world.Publish("one");

        await world.RenewAsync();

        Assert.Equal(one, (await world.PredictAsync()).Version);
        Assert.Null(world.State.Next);
    }

    [Fact]
    public async Task Renew_NoRoomForBoth_RequestsWaitForTheNewOneAndNoneFails()
    {
        await using var world = new ModelWorld(graphs: new GraphCacheOptions { MaxGraphs = 1 });
        var one = (await world.PredictAsync()).Version;
        world.Runtime.Running.Close();
        var old = world.PredictAsync();
        await world.Runtime.Running.Reached;
        var two = world.Publish("two");
        world.Runtime.Loading.Close();
        var renewal = world.RenewAsync();

        // From the switch on nobody new comes to the old one, which has a request to answer still.
        while (world.State.Version != two)
            await Task.Yield();
        var waiting = world.PredictAsync();
        Assert.False(waiting.IsCompleted);
        world.Runtime.Running.Open();
        Assert.Equal(one, (await old).Version);
        await world.Runtime.Loading.Reached;
        world.Runtime.Loading.Open();

        Assert.Equal(two, (await waiting).Version);
        await renewal;
        Assert.Equal(1, world.Graphs.Statistics.Entries);
        Assert.Null(world.State.Previous);
    }

    [Fact]
    public async Task Renew_NoRoomForBothAndTheNewOneCannotBeLoaded_OldOneComesBack()
    {
        await using var world = new ModelWorld(graphs: new GraphCacheOptions { MaxGraphs = 1 });
        var one = (await world.PredictAsync()).Version;
        var two = world.Publish("two");
        world.Runtime.Break(two, Broken);

        await Assert.ThrowsAsync<OnnxException>(world.RenewAsync);
        var answer = await world.PredictAsync();

        Assert.Equal((one, false), (answer.Version, answer.GraphFromCache));
        Assert.Equal((one, two), (world.State.Version!.Value, world.State.Next!.Value));
    }

    [Fact]
    public async Task Renew_NewVersionIsLargerThanTheBudget_OldOneComesBack()
    {
        await using var world = new ModelWorld(graphs: new GraphCacheOptions { MaxBytes = 150 });
        var one = (await world.PredictAsync()).Version;
        world.Publish("two");
        world.Runtime.SizeBytes = 1000;

        await Assert.ThrowsAsync<GraphTooLargeException>(world.RenewAsync);
        world.Runtime.SizeBytes = 100;

        Assert.Equal(one, (await world.PredictAsync()).Version);
        Assert.Equal("never-room", world.State.NextFailure?.Type);
    }

    [Fact]
    public async Task Renew_SwitchesUnderLoad_EachRequestIsAnsweredByExactlyOneVersion()
    {
        await using var world = new ModelWorld();
        var token = TestContext.Current.CancellationToken;
        var published = new List<Digest> { (await world.PredictAsync()).Version };
        using var end = CancellationTokenSource.CreateLinkedTokenSource(token);
        var callers = Enumerable.Range(0, 8).Select(_ => Task.Run(CallAsync, token)).ToList();
        // Who finds a lock taken waits a moment by the clock.
        var clock = Task.Run(TickAsync, token);

        for (var i = 0; i < 20; i++)
        {
            published.Add(world.Publish($"version {i}"));
            await world.RenewAsync();
            Assert.Equal(published[^1], (await world.PredictAsync()).Version);
        }
        await end.CancelAsync();
        var seen = await Task.WhenAll(callers);
        await clock;

        foreach (var versions in seen)
        {
            // Never an older one after a newer one, and none that was not there.
            var order = versions.ConvertAll(version => published.IndexOf(version));
            Assert.DoesNotContain(-1, order);
            Assert.Equal(order.Order(), order);
        }
        Assert.Equal(21, world.Origin.Listings);

        async Task TickAsync()
        {
            while (!callers.TrueForAll(caller => caller.IsCompleted))
            {
                world.Time.Advance(TimeSpan.FromMilliseconds(1));
                await Task.Yield();
            }
        }

        async Task<List<Digest>> CallAsync()
        {
            var versions = new List<Digest>();
            while (!end.IsCancellationRequested)
            {
                var answer = await world.PredictAsync();
                versions.Add(answer.Version);
                Assert.True(answer.FilesFromCache);
                await Task.Yield();
            }
            return versions;
        }
    }

    [Fact]
    public async Task Renew_OriginGoesBackWhileTheOldVersionIsInUse_ItStaysLoaded()
    {
        await using var world = new ModelWorld();
        var one = (await world.PredictAsync()).Version;
        world.Runtime.Running.Close();
        var running = world.PredictAsync();
        await world.Runtime.Running.Reached;
        var two = world.Publish("two");
        await world.RenewAsync();

        world.Publish("one");
        await world.RenewAsync();
        world.Runtime.Running.Open();
        await running;
        await GoneAsync(world, two);
        var answer = await world.PredictAsync();

        Assert.Equal((one, true), (answer.Version, answer.GraphFromCache));
    }

    [Fact]
    public async Task Renew_CallerLeavesWhileTheNewVersionIsLoaded_TheServerGoesOnByItself()
    {
        await using var world = new ModelWorld();
        using var revalidation = await world.RevalidateAsync();
        await world.PredictAsync();
        var two = world.Publish("two");
        world.Runtime.Loading.Close();
        using var caller = new CancellationTokenSource();
        var renewal = world.Service<ModelRenewals>().RenewAsync(world.Standing, always: true, caller.Token);
        await world.Runtime.Loading.Reached;

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => renewal);
        world.Runtime.Loading.Open();

        while ((await world.PredictAsync()).Version != two)
            await Task.Delay(1, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Renew_OriginAnswersAModelWhoseRequestsAskItAgain_FailureIsShownNoMore()
    {
        await using var world = new ModelWorld(model => model with { Revalidate = RevalidateMode.Request });
        world.Origin.Failure = new OriginException(OriginFailure.Unavailable, "fake://origin/model/", "It is down.");
        await Assert.ThrowsAsync<OriginException>(world.RefreshAsync);
        var during = world.State;
        world.Origin.Failure = null;

        await world.PredictAsync();

        Assert.Equal("origin-unavailable", during.OriginFailure?.Type);
        Assert.Null(world.State.OriginFailure);
    }

    [Fact]
    public async Task Renew_WarmModelThatWasEvictedHasANewVersion_PushesNobodyOut()
    {
        await using var world = new ModelWorld(
            model => model with { Warm = true },
            new GraphCacheOptions { MaxGraphs = 1 }
        );
        await world.PredictAsync();
        var other = EntryKey.Of(new JsonObject { ["kind"] = "other", ["version"] = 1 });
        var lease = await world.Graphs.RentAsync(
            other,
            _ => Task.FromResult(new object()),
            TestContext.Current.CancellationToken
        );
        await lease.DisposeAsync();
        var two = world.Publish("two");

        await world.RenewAsync();

        Assert.NotNull(world.Graphs.Describe(other).Loaded);
        Assert.Equal(two, (await world.PredictAsync()).Version);
    }

    // Its disposal ends on a thread of its own.
    private static async Task GoneAsync(ModelWorld world, Digest version)
    {
        var key = world.Runtime.TryFindGraph(
            world.Standing.Settings with
            {
                Pull = world.Standing.Settings.Pull with { Digest = version },
            }
        )!;
        while (world.Graphs.Describe(key).Loaded is not null || world.State.Previous is not null)
            await Task.Delay(1, TestContext.Current.CancellationToken);
    }
}
