using Larder.TestKit;

namespace Larder.IntegrationTests;

/// <summary>Machines, each with a store of its own, that share a directory.</summary>
[Trait("Category", "Integration")]
public sealed class SharedStoreTests : CommandTests
{
    [Fact]
    public async Task Pull_ByTwoMachines_FetchesFromTheOriginOnce()
    {
        await using var origin = ScriptedHttpServer.Serving(ModelBytes(Prices));

        var first = (await OnAsync("a", "pull", origin.Url("/model.onnx"), "--json")).Done();
        var second = (await OnAsync("b", "pull", origin.Url("/model.onnx"), "--json")).Done();

        Assert.Equal(["HEAD /model.onnx", "GET /model.onnx"], origin.Requests);
        Assert.Equal(first.Json.GetProperty("digest").GetString(), second.Json.GetProperty("digest").GetString());
        Assert.Equal(
            ModelBytes(Prices),
            await File.ReadAllBytesAsync(
                Path.Combine(second.Json.GetProperty("path").GetString()!, "model.onnx"),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Empty(first.Error + second.Error);
    }

    [Fact]
    public async Task Pull_FromADirectoryOfThisMachine_IsNotShared()
    {
        (await OnAsync("a", "pull", Sample(Prices))).Done();

        Assert.False(Directory.Exists(At("team/entries")));
    }

    [Fact]
    public async Task Pull_StoreIsBroken_IsDoneWithoutItAndSaysSo()
    {
        await using var origin = ScriptedHttpServer.Serving(ModelBytes(Prices));
        Write("team", "a file where the store should be");

        var result = (await OnAsync("a", "pull", origin.Url("/model.onnx"))).Done();

        Assert.Contains(At("team"), result.Error, StringComparison.Ordinal);
        Assert.Equal(["HEAD /model.onnx", "GET /model.onnx"], origin.Requests);
    }

    private Task<CommandResult> OnAsync(string machine, params string[] arguments) =>
        RunAsync(
            arguments,
            $"LARDER_STORE={At(machine)}",
            $"LARDER__SHARED__URL=file://{At("team")}/",
            "LARDER__SHARED__MODELS=true"
        );
}
