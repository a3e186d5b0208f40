using Larder.Graphs;

namespace Larder.Onnx.Tests.Serving;

public sealed partial class OnnxModelsTests
{
    [Fact]
    public async Task RentAsync_Loaded_TakesItsSizeOfTheMemoryForGraphs()
    {
        await using var world = new ServingWorld();

        using var lease = await world.RentAsync();

        var device = Assert.Single(world.Graphs.GetStatistics().Devices);
        Assert.Equal(lease.Model.SizeBytes, device.UsedBytes);
    }

    [Fact]
    public async Task RentAsync_NoMemoryForTwo_UnloadsTheFirst()
    {
        long size;
        await using (var other = new ServingWorld())
        {
            using var lease = await other.RentAsync();
            size = lease.Model.SizeBytes;
        }
        await using var world = new ServingWorld(maxBytes: size + 100);
        await world.UseAsync(ServingWorld.Request("first"));

        await world.UseAsync(ServingWorld.Request("second") with { IntraOpThreads = 2 });

        Assert.Null(world.Models.TryDescribe(ServingWorld.Request("first")));
        Assert.Equal(1, world.Graphs.Statistics.Evictions);
    }

    [Fact]
    public async Task RentAsync_LargerThanTheMemory_IsRefusedBeforeItIsLoaded()
    {
        await using var world = new ServingWorld(maxBytes: 10);

        await Assert.ThrowsAsync<GraphTooLargeException>(() => world.RentAsync());

        Assert.False(world.AnyLeased);
    }

    [Fact]
    public async Task RentAsync_FileIsNoModel_IsNotLoadedByEveryRequest()
    {
        await using var world = new ServingWorld();
        world.Origin.Put("model.onnx", "no model"u8.ToArray());
        await Assert.ThrowsAsync<OnnxException>(() => world.RentAsync());

        var refused = await Assert.ThrowsAsync<GraphLoadException>(() => world.RentAsync());

        Assert.IsType<OnnxException>(refused.InnerException);
        Assert.Equal(GraphFailureKind.Permanent, refused.Kind);
        Assert.False(world.AnyLeased);
    }

    [Fact]
    public async Task RentAsync_ModelIsMendedAtTheOrigin_IsLoadedAtOnce()
    {
        await using var world = new ServingWorld();
        world.Origin.Put("model.onnx", "no model"u8.ToArray());
        await Assert.ThrowsAsync<OnnxException>(() => world.RentAsync());
        world.Origin.Put("model.onnx", Models.SumAndProduct());

        using var lease = await world.RentAsync(ServingWorld.Request(freshFor: TimeSpan.Zero));

        Assert.False(lease.GraphFromCache);
    }

    [Fact]
    public async Task WarmAsync_ModelsAndOneThatIsBroken_LoadsThemAndTheFirstRequestAsksNobody()
    {
        await using var world = new ServingWorld();
        var broken = ServingWorld.Request("broken") with { File = "none.onnx" };

        var warmths = await world.Models.WarmAsync(
            [broken, ServingWorld.Request("one")],
            TestContext.Current.CancellationToken
        );

        Assert.Equal([WarmOutcome.Failed, WarmOutcome.Loaded], warmths.Select(warmth => warmth.Outcome));
        Assert.IsType<OnnxFileException>(warmths[0].Failure);
        Assert.Equal((0, 0), (world.Graphs.Statistics.Hits, world.Graphs.Statistics.Misses));
        Assert.NotNull(world.Models.TryDescribe(ServingWorld.Request("one")));
        var lists = world.Origin.Listings;
        using var lease = await world.RentAsync("one");
        Assert.True(lease.GraphFromCache);
        Assert.Equal(lists, world.Origin.Listings);
    }

    [Fact]
    public async Task WarmAsync_NoRoomForAll_PushesNothingOut()
    {
        await using var world = new ServingWorld(maxGraphs: 1);

        var warmths = await world.Models.WarmAsync(
            [ServingWorld.Request("one"), ServingWorld.Request("two") with { IntraOpThreads = 2 }],
            TestContext.Current.CancellationToken
        );

        Assert.Equal([WarmOutcome.Loaded, WarmOutcome.NoRoom], warmths.Select(warmth => warmth.Outcome));
        Assert.NotNull(world.Models.TryDescribe(ServingWorld.Request("one")));
    }
}
