using Larder.TestKit;
using Larder.TestKit.Hub;

namespace Larder.IntegrationTests;

// The Hugging Face Hub by the command: pulled from a Hub of the test's own, and put where its clients look.
public sealed class HubCommandTests : CommandTests
{
    [Fact]
    public async Task Pull_FromTheHub_ThenExport_IsFoundByItsClients()
    {
        await using var hub = new TestHub();
        var repository = hub.Create("org/prices");
        repository.IsPrivate = true;
        repository.Put("onnx/model.onnx", ModelBytes(Prices));
        repository.Put("config.json", "{}"u8.ToArray());

        var pulled = (await RunAsync(hub, "pull", "hf://org/prices", "--json", "--verbose")).Done();
        var again = (await RunAsync(hub, "pull", "hf://org/prices@main", "--refresh", "--json")).Done();
        var exported = (await RunAsync(hub, "export", "hf://org/prices", "--hf-cache", At("hub"), "--json")).Done();

        Assert.Equal("hf://org/prices@main", pulled.Json.GetProperty("reference").GetString());
        Assert.Equal(2, pulled.Json.GetProperty("files_fetched").GetInt32());
        Assert.Equal("revalidated", again.Json.GetProperty("outcome").GetString());
        Assert.Equal(["path", "files"], exported.Names.Intersect(["path", "files"]));
        Assert.Equal(2, exported.Json.GetProperty("files").GetInt32());
        Assert.Equal(
            At($"hub/models--org--prices/snapshots/{repository.Head}"),
            exported.Json.GetProperty("path").GetString()
        );
        var reader = new HubCacheReader(At("hub"), "models--org--prices");
        Assert.Empty(reader.Faults());
        Assert.Equal(ModelBytes(Prices), reader.Offline("main")!["onnx/model.onnx"]);
        Assert.All(
            [pulled, again, exported],
            result => Assert.DoesNotContain("canary", result.Output + result.Error, StringComparison.Ordinal)
        );
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Fact]
    public async Task Export_WhatIsNotStored_PullsItUnlessOffline()
    {
        await using var hub = new TestHub();
        hub.Create("gpt2").Put("model.bin", TestBytes.Of(1000));
        string[] export = ["export", "hf://gpt2", "--hf-cache", At("hub")];

        var offline = (await RunAsync(hub, [.. export, "--offline"])).Ended(3);
        var online = (await RunAsync(hub, export)).Done();
        var offlineAgain = (await RunAsync(hub, [.. export, "--offline", "--quiet"])).Done();

        Assert.Contains("is not in the store", offline.Error, StringComparison.Ordinal);
        Assert.Equal(online.Output, offlineAgain.Output);
        Assert.True(File.Exists(Path.Combine(online.Output.TrimEnd(), "model.bin")));
    }

    [Fact]
    public async Task Export_OfADirectory_IsFoundUnderTheGivenName()
    {
        var exported = (
            await RunAsync("export", Sample(Prices), "--hf-cache", At("hub"), "--repo", "my-org/prices", "--json")
        ).Done();

        var reader = new HubCacheReader(At("hub"), "models--my-org--prices");
        Assert.Empty(reader.Faults());
        Assert.Equal(ModelBytes(Prices), reader.Offline("main")!["model.onnx"]);
        Assert.Equal("my-org/prices", exported.Json.GetProperty("repository").GetString());
    }

    [Fact]
    public async Task Export_WrongUsage_Is2()
    {
        var name = (await RunAsync("export", Sample(Prices), "--hf-cache", At("hub"), "--repo", "../x")).Ended(2);
        var directory = (await RunAsync("export", Sample(Prices))).Ended(2);

        Assert.Contains("--repo '../x' is not the name of a repository", name.Error, StringComparison.Ordinal);
        Assert.Contains("--hf-cache", directory.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("hub")));
    }

    [Theory]
    [InlineData("hf://org/nothing", 3)]
    [InlineData("hf://org/gated", 1)]
    [InlineData("hf://org/re--po", 2)]
    public async Task Pull_WhatTheHubRefuses_SaysWhatToDo(string reference, int exitCode)
    {
        await using var hub = new TestHub();
        var gated = hub.Create("org/gated");
        gated.Put("a.bin", [1]);
        (gated.Gate, gated.LetsTokenIn) = (HubGate.Files, false);

        var result = (await RunAsync(hub, "pull", reference, "--verbose")).Ended(exitCode);

        var hint = exitCode switch
        {
            3 => "Check the name",
            1 => $"ask for access at {hub.Endpoint.AbsoluteUri}org/gated and set HF_TOKEN",
            _ => "Write hf://org/repo@revision",
        };
        Assert.Contains(hint, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", result.Output + result.Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> RunAsync(TestHub hub, params string[] arguments) =>
        RunAsync(
            arguments,
            $"LARDER_STORE={StorePath}",
            $"HF_ENDPOINT={hub.Endpoint.AbsoluteUri}",
            $"HF_TOKEN={TestHub.Token}"
        );
}
