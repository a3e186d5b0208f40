using Larder.Origins;

namespace Larder.Server.Tests.Models;

public sealed class RevalidationTests
{
    private static readonly OriginException Down = new(
        OriginFailure.Unavailable,
        "fake://origin/model/",
        "It is down."
    );

    [Fact]
    public async Task Run_ModelInUse_IsAskedBeforeItIsNoLongerFresh()
    {
        await using var world = new ModelWorld();
        using var revalidation = await world.RevalidateAsync();
        await world.PredictAsync();
        world.Origin.Listing.Close();
        var two = world.Publish("two");

        world.Time.Advance(ModelWorld.FreshFor * 0.96);
        await world.Origin.Listing.Reached;
        var during = await world.PredictAsync();
        world.Origin.Listing.Open();
        await UntilAsync(world, () => world.State.Version == two);

        Assert.NotEqual(two, during.Version);
        Assert.Equal(2, world.Origin.Listings);
        Assert.Equal(two, (await world.PredictAsync()).Version);
    }

    [Fact]
    public async Task Run_ModelUnusedForLong_IsNotAsked()
    {
        await using var world = new ModelWorld();
        using var revalidation = await world.RevalidateAsync();
        await world.PredictAsync();
        world.Origin.IsForbidden = true;

        for (var hour = 0; hour < 5; hour++)
            world.Time.Advance(TimeSpan.FromHours(1));
        await revalidation.StopAsync(TestContext.Current.CancellationToken);

        // Once perhaps, in the moment in which the hour ended; never after it.
        Assert.InRange(world.Origin.Listings, 1, 2);
    }

    [Fact]
    public async Task Run_OriginIsDown_IsAskedAgainLaterAndLater()
    {
        await using var world = new ModelWorld();
        using var revalidation = await world.RevalidateAsync();
        await world.PredictAsync();
        world.Origin.Failure = Down;

        world.Time.Advance(ModelWorld.FreshFor);
        await UntilAsync(world, () => world.Standing.Now.AskFailures == 1);
        var first = world.Standing.Now.AskAt - world.Time.GetUtcNow();
        world.Time.Advance(first);
        await UntilAsync(world, () => world.Standing.Now.AskFailures == 2);
        var second = world.Standing.Now.AskAt - world.Time.GetUtcNow();
        world.Origin.Failure = null;
        world.Time.Advance(second);
        await UntilAsync(world, () => world.Standing.Now.AskFailure is null);

        Assert.InRange(first, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
        Assert.InRange(second, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12));
        Assert.Single(world.Logs.Messages, message => message.Contains("could not be asked", StringComparison.Ordinal));
        Assert.Single(world.Logs.Messages, message => message.Contains("answers again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_StoreCannotBeRead_IsTriedAgainLaterAndLater()
    {
        await using var world = new ModelWorld();
        using var revalidation = await world.RevalidateAsync();
        await world.PredictAsync();
        var entry = Assert.Single(Directory.GetFiles(world.EntriesPath, "*.json", SearchOption.AllDirectories));
        File.Delete(entry);
        Directory.CreateDirectory(entry);

        world.Time.Advance(ModelWorld.FreshFor);
        await UntilAsync(world, () => world.Standing.Now.AskFailures == 1);

        var next = world.Standing.Now.AskAt - world.Time.GetUtcNow();
        Assert.InRange(next, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
        Assert.Single(world.Logs.Messages, message => message.Contains("could not be asked", StringComparison.Ordinal));
        Directory.Delete(entry);
    }

    [Fact]
    public async Task Run_OriginSaysForEver_IsNotAskedAgain()
    {
        await using var world = new ModelWorld();
        world.Origin.IsFixed = true;
        using var revalidation = await world.RevalidateAsync();
        await world.PredictAsync();

        world.Time.Advance(ModelWorld.FreshFor);
        await UntilAsync(world, () => world.Standing.Now.AskAt == DateTimeOffset.MaxValue);

        Assert.Equal(1, world.Origin.Listings);
        Assert.True(world.Standing.Now.Answer!.IsFixed);
    }

    [Fact]
    public async Task Run_ClockIsSetBack_IsAskedAgainAllTheSame()
    {
        await using var world = new ModelWorld();
        using var revalidation = await world.RevalidateAsync();
        await world.PredictAsync();
        var two = world.Publish("two");

        world.Time.SetBack(TimeSpan.FromDays(365));
        world.Time.Advance(TimeSpan.FromHours(1));

        await UntilAsync(world, () => world.State.Version == two);
    }

    // What the server does by itself ends on threads of its own, and tells nobody.
    private static async Task UntilAsync(ModelWorld world, Func<bool> isSo)
    {
        while (!isSo())
            await Task.Delay(1, TestContext.Current.CancellationToken);
        Assert.NotNull(world);
    }
}
