using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Derived;
using Larder.Origins;
using Larder.Server.Dashboard.Chains;
using Larder.TestKit;

namespace Larder.Server.Tests.Dashboard.Chains;

public sealed class PassChainsTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ModelCache _files;

    public PassChainsTests() => _files = new ModelCache(new ModelCacheOptions { StorePath = _directory["store"] });

    public void Dispose()
    {
        _files.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Of_ResultsUnderBothOfTheirKeys_AreOneChainInOrder()
    {
        var model = await PullAsync();
        var first = await MakeAsync(model, "pass", "optimize", Input("manifest", model.Digest), seed: 1);
        var second = await MakeAsync(model, "pass", "quantize", Input("pass", first.Key), seed: 2);
        await MakeAsync(model, "pass", "quantize", Input("manifest", first.Output), seed: 2);
        await MakeAsync(model, "evaluation", "accuracy", Input("pass", second.Key), seed: 3);

        var chain = Assert.Single(PassChains.Of(_files.List()));

        Assert.Equal((model.Reference, model.Digest, false), (chain.Reference, chain.Input, chain.IsBroken));
        Assert.Equal(["optimize", "quantize"], chain.Steps.Select(step => step.Name));
        Assert.Equal(["accuracy"], chain.Steps[1].Evaluations);
        Assert.Equal([1001, 1002], chain.Steps.Select(step => step.SizeBytes));
    }

    [Fact]
    public async Task Of_TwoPassesAfterOne_AreTwoChainsThatShareIt()
    {
        var model = await PullAsync();
        var first = await MakeAsync(model, "pass", "optimize", Input("manifest", model.Digest), seed: 1);
        await MakeAsync(model, "pass", "quantize", Input("pass", first.Key), seed: 2);
        await MakeAsync(model, "pass", "split", Input("pass", first.Key), seed: 3);

        var chains = PassChains.Of(_files.List());

        Assert.Equal(2, chains.Count);
        Assert.All(chains, chain => Assert.Equal("optimize", chain.Steps[0].Name));
        Assert.Equal(["quantize", "split"], chains.Select(chain => chain.Steps[1].Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_ResultBeforeIsGone_SaysThatTheChainIsBroken()
    {
        var model = await PullAsync();
        await MakeAsync(model, "pass", "quantize", Input("pass", model.Key), seed: 2);

        var chain = Assert.Single(PassChains.Of(_files.List()));

        Assert.True(chain.IsBroken);
        Assert.Equal("quantize", Assert.Single(chain.Steps).Name);
    }

    [Fact]
    public async Task Of_PassesThatGoRoundInACircle_EndsAllTheSame()
    {
        var model = await PullAsync();
        var there = await MakeAsync(model, "pass", "there", Input("manifest", model.Digest), seed: 1);
        var back = await MakeAsync(model, "pass", "back", Input("manifest", there.Output), seed: 2);
        await MakeAsync(model, "pass", "there", Input("manifest", back.Output), seed: 1);
        await MakeAsync(model, "pass", "on", Input("manifest", back.Output), seed: 3);

        var chain = Assert.Single(PassChains.Of(_files.List()));

        Assert.Equal(["there", "back", "on"], chain.Steps.Select(step => step.Name));
    }

    [Fact]
    public async Task Of_RequestThatSaysSomethingElse_IsLeftOut()
    {
        var model = await PullAsync();
        await MakeAsync(model, "pass", "odd", new JsonObject { ["pass"] = 5 }, seed: 1);

        Assert.Empty(PassChains.Of(_files.List()));
    }

    private static JsonObject Input(string name, Digest digest) => new() { [name] = digest.ToString() };

    private async Task<CachedModel> PullAsync()
    {
        var path = Directory.CreateDirectory(_directory["origin"]).FullName;
        await File.WriteAllBytesAsync(
            Path.Combine(path, "model.onnx"),
            TestBytes.Of(3000),
            TestContext.Current.CancellationToken
        );
        using var _ = await _files.PullAsync(
            ModelReference.OfPath(path),
            cancellationToken: TestContext.Current.CancellationToken
        );
        return Assert.Single(_files.List());
    }

    private async Task<(Digest Key, Digest Output)> MakeAsync(
        CachedModel model,
        string kind,
        string name,
        JsonObject input,
        int seed
    )
    {
        var key = EntryKey.Of(
            new JsonObject
            {
                ["kind"] = kind,
                ["version"] = 1,
                [kind == "pass" ? "input" : "of"] = input,
                [kind] = new JsonObject { ["name"] = name, ["version"] = 1 },
                ["config"] = new JsonObject(),
                ["environment"] = new JsonObject(),
                ["files"] = new JsonObject(),
            }
        );
        using var writer = await _files.WriteAsync(key, 1000, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(
            Path.Combine(writer.Path, "model.onnx"),
            TestBytes.Of(1000 + seed, seed),
            TestContext.Current.CancellationToken
        );
        await writer.CommitAsync(
            new DerivedSource(model.Reference, model.Digest, TimeSpan.FromSeconds(seed)),
            TestContext.Current.CancellationToken
        );
        return (key.Digest, _files.List().Single(entry => entry.Key == key.Digest).Digest);
    }
}
