namespace Larder.IntegrationTests;

/// <summary><c>list --versions</c>, <c>show</c> and <c>pull --digest</c>: the way back to an earlier version.</summary>
[Trait("Category", "Integration")]
public sealed class VersionCommandTests : CommandTests
{
    [Fact]
    public async Task ListVersions_ModelThatChanged_NamesWhatPullGoesBackTo()
    {
        var first = await PullAsync("one");
        var second = await PullAsync("two");

        var list = (await RunAsync("list", "--versions")).Done();
        var entry = (await RunAsync("list", "--versions", "--json")).Done().Json.GetProperty("entries")[0];
        var show = (await RunAsync("show", At("model"), "--json")).Done().Json;
        var back = (await RunAsync("pull", At("model"), "--digest", first[..12], "--offline")).Done();

        Assert.Contains(first[..12], list.Output, StringComparison.Ordinal);
        Assert.Contains("earlier, from", list.Output, StringComparison.Ordinal);
        Assert.Equal(first, entry.GetProperty("earlier_versions")[0].GetProperty("digest").GetString());
        Assert.Equal(first, show.GetProperty("earlier_versions")[0].GetProperty("digest").GetString());
        Assert.Contains(first, (await RunAsync("show", At("model"))).Done().Output, StringComparison.Ordinal);
        Assert.Equal(
            "one",
            await File.ReadAllTextAsync(
                Path.Combine(back.Output.TrimEnd('\n'), "file"),
                TestContext.Current.CancellationToken
            )
        );
        var present = (await RunAsync("pull", At("model"), "--json")).Done().Json;
        Assert.Equal(second, present.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Pull_DigestsThatCannotBe_AreExplained()
    {
        var digest = await PullAsync("one");

        var unknown = (await RunAsync("pull", At("model"), "--digest", "0123456789ab")).Ended(3);
        var shortOne = (await RunAsync("pull", At("model"), "--digest", digest[..11])).Ended(2);
        var upper = (await RunAsync("pull", At("model"), "--digest", digest[..12].ToUpperInvariant() + "A")).Ended(2);

        Assert.Contains("begins with '0123456789ab'", unknown.Error, StringComparison.Ordinal);
        Assert.Contains("12 or more are enough", shortOne.Error, StringComparison.Ordinal);
        Assert.Contains("is not a digest", upper.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_PinAnEarlierVersion_StaysWhenAllElseIsEvicted()
    {
        var first = await PullAsync("one");
        await PullAsync("two");
        (await RunAsync("pull", At("model"), "--digest", first, "--pin")).Done();

        await RunAsync("evict", "--to", "0");

        (await RunAsync("pull", At("model"), "--digest", first, "--offline")).Done();
    }

    private async Task<string> PullAsync(string content)
    {
        Directory.CreateDirectory(At("model"));
        await File.WriteAllTextAsync(At("model/file"), content, TestContext.Current.CancellationToken);
        return (await RunAsync("pull", At("model"), "--refresh", "--json"))
            .Done()
            .Json.GetProperty("digest")
            .GetString()!;
    }
}
