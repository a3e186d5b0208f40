namespace Larder.Onnx.Tests.Serving;

public sealed partial class OnnxModelsTests
{
    [Fact]
    public async Task UnloadAsync_NobodyUsesIt_UnloadsAndGivesItsFilesBack()
    {
        await _world.UseAsync();
        Assert.True(_world.AnyLeased);

        Assert.True(await _world.Models.UnloadAsync(ServingWorld.Reference(), TestContext.Current.CancellationToken));

        Assert.Empty(_world.Graphs.ListGraphs());
        Assert.False(_world.AnyLeased);
    }

    [Fact]
    public async Task UnloadAsync_InUse_LeavesItAndCanTakeItLater()
    {
        var lease = await _world.RentAsync();

        Assert.False(await _world.Models.UnloadAsync(ServingWorld.Reference(), TestContext.Current.CancellationToken));
        Assert.Equal(["a", "b"], lease.Model.Inputs.Select(input => input.Name));
        await lease.DisposeAsync();
        Assert.True(await _world.Models.UnloadAsync(ServingWorld.Reference(), TestContext.Current.CancellationToken));

        Assert.False(_world.AnyLeased);
    }

    [Fact]
    public async Task UnloadAsync_SeveralVersionsLoaded_UnloadsAll()
    {
        await _world.UseAsync();
        _world.PutNewVersion();
        _world.Time.Advance(TimeSpan.FromMinutes(5));
        await _world.UseAsync();
        Assert.Equal(2, _world.Graphs.ListGraphs().Count);

        Assert.True(await _world.Models.UnloadAsync(ServingWorld.Reference(), TestContext.Current.CancellationToken));

        Assert.Empty(_world.Graphs.ListGraphs());
    }

    [Fact]
    public async Task UnloadAsync_AnotherModelHasTheSameBytes_BothCanBeUnloadedAndLoadedAgain()
    {
        var first = await _world.UseAsync(ServingWorld.Request("first"));
        var second = await _world.UseAsync(ServingWorld.Request("second"));
        Assert.Equal((first.Version, true), (second.Version, second.GraphFromCache));

        Assert.True(
            await _world.Models.UnloadAsync(ServingWorld.Reference("first"), TestContext.Current.CancellationToken)
        );
        Assert.Empty(_world.Graphs.ListGraphs());
        await _world.UseAsync(ServingWorld.Request("second"));
        Assert.True(
            await _world.Models.UnloadAsync(ServingWorld.Reference("second"), TestContext.Current.CancellationToken)
        );

        Assert.Empty(_world.Graphs.ListGraphs());
    }

    [Fact]
    public async Task UnloadAsync_ThenCleared_TheOriginIsAskedAgainThoughAnotherHasTheSameBytes()
    {
        await _world.UseAsync(ServingWorld.Request("first"));
        await _world.UseAsync(ServingWorld.Request("second"));
        await _world.Models.UnloadAsync(ServingWorld.Reference("first"), TestContext.Current.CancellationToken);
        await _world.Files.ClearAsync(ServingWorld.Reference("first"), TestContext.Current.CancellationToken);
        await _world.UseAsync(ServingWorld.Request("second"));
        var listings = _world.Origin.Listings;

        await _world.UseAsync(ServingWorld.Request("first"));

        Assert.Equal(listings + 1, _world.Origin.Listings);
    }

    [Fact]
    public async Task TryDescribe_NotLoaded_IsNull()
    {
        using (await _world.Files.PullAsync(ServingWorld.Reference(), null, TestContext.Current.CancellationToken)) { }

        Assert.Null(_world.Models.TryDescribe(ServingWorld.Request()));
    }

    [Fact]
    public async Task TryDescribe_Unloaded_IsNullAgain()
    {
        await _world.UseAsync();
        await _world.Graphs.ClearAsync(TestContext.Current.CancellationToken);

        Assert.Null(_world.Models.TryDescribe(ServingWorld.Request()));
    }

    [Fact]
    public async Task TryDescribe_Loaded_TellsAndIsNoUse()
    {
        var lease = await _world.UseAsync();
        var before = _world.Graphs.Statistics;

        var model = _world.Models.TryDescribe(ServingWorld.Request());

        Assert.NotNull(model);
        Assert.Equal(lease.Version, model.Version);
        Assert.Equal(["a", "b"], model.Inputs.Select(input => input.Name));
        Assert.Equal(["sum", "product"], model.Outputs.Select(output => output.Name));
        Assert.Equal(before, _world.Graphs.Statistics);
    }

    [Fact]
    public async Task PredictAsync_GoodInputs_Answers()
    {
        var prediction = await _world.PredictAsync("""{"inputs": {"a": 2, "b": [3]}}""");

        Assert.Equal([5f], ((Tensor<float>)prediction.Outputs["sum"]).Span);
        Assert.Equal([6f], ((Tensor<float>)prediction.Outputs["product"]).Span);
        Assert.Equal((false, false), (prediction.FromCache, prediction.GraphFromCache));
    }

    [Fact]
    public async Task PredictAsync_WrongInputs_GivesTheModelBack()
    {
        var failure = await Assert.ThrowsAsync<InvalidInputsException>(() =>
            _world.PredictAsync("""{"inputs": {"a": "two", "c": 1}}""")
        );

        Assert.Equal(["inputs.a", "inputs.b", "inputs.c"], failure.Faults.Select(fault => fault.Path).Order());
        Assert.Equal(0, Assert.Single(_world.Graphs.ListGraphs()).Leases);
    }
}
