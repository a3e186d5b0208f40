using Larder.Cli.Completions;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.Cli.Tests.Completions;

public sealed class SuggestionsTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("larder pu", "pull")]
    [InlineData("larder shared ", "list", "prune", "stats", "verify")]
    [InlineData("larder pull --off", "--offline")]
    [InlineData("larder pull --unpack ", "auto", "none")]
    [InlineData("larder presets t2v_o", "t2v_one_stage", "t2v_one_stage_adaptive", "t2v_one_stage_quantized")]
    [InlineData("larder demo video --preset ic_lora_", "ic_lora_adaptive", "ic_lora_quantized")]
    [InlineData("larder completions ", "bash", "fish", "zsh")]
    [InlineData("larder no-such-command ")]
    [InlineData("larder pull --config missing.json ")]
    public void Of_ALine_IsWhatCanStandThere(string line, params string[] expected) => Assert.Equal(expected, Of(line));

    [Fact]
    public void Of_TheCursorInTheMiddle_IsWhatCanStandThere()
    {
        var options = new GlobalOptions();

        var found = Suggestions.Of("larder pu --json", "larder pu".Length, LarderCommand.Build(options), options);

        Assert.Equal(["pull"], found);
    }

    [Fact]
    public void Of_NoWordYet_NamesCommandsAndNoOptions()
    {
        var found = Of("larder ");

        Assert.Contains("pull", found);
        Assert.DoesNotContain(found, label => label.StartsWith('-'));
    }

    [Fact]
    public async Task Of_AReference_IsWhatIsStored()
    {
        var model = _directory["model"];
        Directory.CreateDirectory(model);
        await File.WriteAllTextAsync(
            Path.Combine(model, "model.bin"),
            "weights",
            TestContext.Current.CancellationToken
        );
        var store = _directory["store"];
        using (var cache = new ModelCache(new ModelCacheOptions { StorePath = store }))
            (
                await cache.PullAsync(
                    ModelReference.OfPath(model),
                    cancellationToken: TestContext.Current.CancellationToken
                )
            ).Dispose();

        Assert.Equal([$"file://{model}"], Of($"larder show --store {store} file://"));
        Assert.Equal([$"file://{model}"], Of($"larder predict --store {store} f"));
        Assert.Empty(Of($"larder show --store {_directory["nowhere"]} "));
        Assert.False(Directory.Exists(_directory["nowhere"]));
    }

    [Fact]
    public void Of_AModel_IsOneOfTheConfiguration()
    {
        var configuration = _directory["larder.json"];
        File.WriteAllText(
            configuration,
            $$"""
            {
              "store": { "path": "{{_directory["store"]}}" },
              "models": { "prices": { "from": "file:///a/" }, "words": { "from": "file:///b/" } }
            }
            """
        );

        Assert.Equal(["prices", "words"], Of($"larder predict --config {configuration} "));
        Assert.Empty(Of($"larder show --config {configuration} "));
    }

    private static IReadOnlyList<string> Of(string line)
    {
        var options = new GlobalOptions();
        return Suggestions.Of(line, line.Length, LarderCommand.Build(options), options);
    }
}
