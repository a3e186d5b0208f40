using Larder.Content;
using Larder.Onnx;
using Larder.Origins;
using Larder.Pull;
using Larder.Server.Models;
using Larder.Server.Runtimes;

namespace Larder.Server.Tests.Models;

public sealed class ModelVersionsTests
{
    private static readonly OriginException Down = new(
        OriginFailure.Unavailable,
        "fake://origin/model/",
        "It is down."
    );

    [Fact]
    public async Task Ask_FirstTime_IsAMissAndThenAHitWithoutTheOrigin()
    {
        await using var world = new ModelWorld();

        var first = await world.PredictAsync();
        var second = await world.PredictAsync();

        Assert.Equal((PullOutcome.Miss, false, false), (first.Files, first.FilesFromCache, first.GraphFromCache));
        Assert.Equal((PullOutcome.Hit, true, true), (second.Files, second.FilesFromCache, second.GraphFromCache));
        Assert.Equal(1, world.Origin.Listings);
    }

    [Fact]
    public async Task Ask_AnotherVersionAnswersBeforeThisOneIsRented_LeavesTheOldOneToBeUnloaded()
    {
        await using var world = new ModelWorld();
        var one = (await world.PredictAsync()).Version;
        var two = world.Publish("two");
        var retired = new List<Digest?>();

        var answer = await world
            .Service<ModelVersions>()
            .AskAsync(
                world.Standing.Settings,
                async version =>
                {
                    // Told which version answers, and interrupted before it has it.
                    await world.RenewAsync();
                    return await world.Runtime.PredictAsync(version, default, TestContext.Current.CancellationToken);
                },
                world.Service<ModelRuntimes>().IsLoaded,
                model => retired.Add(model.Pull.Digest)
            );

        Assert.Equal(one, ((GatedAnswer)answer).Version);
        Assert.Equal(two, (await world.PredictAsync()).Version);
        Assert.Equal([one], retired);
    }

    [Fact]
    public async Task Ask_NoLongerFreshAndInUse_AnswersWithoutTheOrigin()
    {
        await using var world = new ModelWorld();
        await world.PredictAsync();
        world.Time.Advance(ModelWorld.FreshFor * 2);

        var answer = await world.PredictAsync();

        Assert.Equal(PullOutcome.Hit, answer.Files);
        Assert.Equal(1, world.Origin.Listings);
    }

    [Fact]
    public async Task Ask_UnusedForLong_AsksTheOriginItself()
    {
        await using var world = new ModelWorld();
        await world.PredictAsync();
        var two = world.Publish("two");
        world.Time.Advance(TimeSpan.FromHours(2));

        var answer = await world.PredictAsync();

        Assert.Equal((two, PullOutcome.Miss), (answer.Version, answer.Files));
    }

    [Fact]
    public async Task Ask_ModeIsRequest_AsksTheOriginWhenNoLongerFresh()
    {
        await using var world = new ModelWorld(model =>
            model with
            {
                Revalidate = Larder.Server.Configuration.RevalidateMode.Request,
            }
        );
        await world.PredictAsync();
        world.Time.Advance(ModelWorld.FreshFor * 2);

        Assert.Equal(PullOutcome.Revalidated, (await world.PredictAsync()).Files);
        Assert.Equal(2, world.Origin.Listings);
    }

    [Fact]
    public async Task Ask_OriginIsDown_IsStaleUntilItAnswersAgain()
    {
        await using var world = new ModelWorld();
        await world.PredictAsync();
        world.Time.Advance(ModelWorld.FreshFor * 2);
        world.Origin.Failure = Down;
        await Assert.ThrowsAsync<OriginException>(world.RenewAsync);

        var during = await world.PredictAsync();
        world.Origin.Failure = null;
        await world.RenewAsync();
        var after = await world.PredictAsync();

        Assert.Equal((PullOutcome.Stale, true), (during.Files, during.FilesFromCache));
        Assert.Equal((PullOutcome.Hit, true), (after.Files, after.FilesFromCache));
        Assert.Null(world.State.OriginFailure);
    }

    [Fact]
    public async Task Ask_OriginIsDownAndStaleAnswersAreNotWanted_Fails()
    {
        await using var world = new ModelWorld(model => model with { Pull = model.Pull with { StaleIfError = false } });
        await world.PredictAsync();
        world.Time.Advance(ModelWorld.FreshFor * 2);
        world.Origin.Failure = Down;
        await Assert.ThrowsAsync<OriginException>(world.RenewAsync);

        await Assert.ThrowsAsync<OriginException>(world.PredictAsync);
    }

    [Fact]
    public async Task Ask_OriginHasItNoMore_AnswersWhileFreshAndThenFails()
    {
        await using var world = new ModelWorld();
        await world.PredictAsync();
        world.Origin.Failure = new OriginException(OriginFailure.NotFound, "fake://origin/model/", "It is gone.");
        await Assert.ThrowsAsync<OriginException>(world.RenewAsync);

        var fresh = await world.PredictAsync();
        world.Time.Advance(ModelWorld.FreshFor * 2);

        Assert.Equal(PullOutcome.Hit, fresh.Files);
        await Assert.ThrowsAsync<OriginException>(world.PredictAsync);
        Assert.Equal("origin-failed", world.State.OriginFailure?.Type);
    }

    [Fact]
    public async Task Ask_VersionWasRemovedAndItsOriginHasAnother_AnswersWithThatOne()
    {
        await using var world = new ModelWorld();
        var one = await world.PredictAsync();
        await world.Graphs.RemoveAsync(
            world.Runtime.TryFindGraph(world.Standing.Settings)!,
            TestContext.Current.CancellationToken
        );
        await world.Files.ClearAsync(null, TestContext.Current.CancellationToken);
        var two = world.Publish("two");

        var answer = await world.PredictAsync();

        Assert.NotEqual(two, one.Version);
        Assert.Equal((two, PullOutcome.Miss, false), (answer.Version, answer.Files, answer.FilesFromCache));
    }

    [Fact]
    public async Task Ask_NewVersionThatWasNotLoadedYetCannotBe_FallsBackToTheOneBefore()
    {
        await using var world = new ModelWorld();
        var one = await world.PredictAsync();
        await world.Graphs.ClearAsync(TestContext.Current.CancellationToken);
        var two = world.Publish("two");
        await world.RefreshAsync();
        world.Runtime.Break(two, new OnnxException(OnnxErrorCode.InvalidProtobuf, "It is none."));

        var answer = await world.PredictAsync();
        var next = await world.PredictAsync();

        Assert.Equal((one.Version, one.Version), (answer.Version, next.Version));
        Assert.Equal((two, "model-broken"), (world.State.Next, world.State.NextFailure?.Type));
        Assert.Single(
            world.Logs.Warnings,
            message => message.Contains("could not be loaded", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Ask_FirstRequestAfterLongFindsANewVersion_OldOneIsUnloaded()
    {
        await using var world = new ModelWorld();
        await world.PredictAsync();
        world.Time.Advance(TimeSpan.FromHours(9));
        var two = world.Publish("two");

        var answer = await world.PredictAsync();

        Assert.Equal(two, answer.Version);
        while (world.Graphs.Statistics.Entries > 1)
            await Task.Delay(1, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Ask_TheOneVersionThereIsCannotBeLoaded_Fails()
    {
        await using var world = new ModelWorld();
        world.Runtime.Break(
            ModelWorld.VersionOf("one"),
            new OnnxException(OnnxErrorCode.InvalidProtobuf, "It is none.")
        );

        await Assert.ThrowsAsync<OnnxException>(world.PredictAsync);

        Assert.Equal(("failed", "model-broken"), (world.State.State, world.State.Failure?.Type));
        Assert.NotNull(world.State.FailedUntil);
    }
}
