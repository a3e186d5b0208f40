using System.IO.Compression;

namespace Larder.IntegrationTests;

/// <summary><c>--unpack</c>.</summary>
[Trait("Category", "Integration")]
public sealed class ArchiveCommandTests : CommandTests
{
    [Fact]
    public async Task Pull_Archive_HasTheFilesInIt()
    {
        var archive = Pack("prices.zip");

        var first = (await RunAsync("pull", archive, "--json")).Done().Json;
        var second = (await RunAsync("pull", archive, "--refresh", "--json")).Done().Json;

        Assert.Equal(
            ModelBytes(Prices),
            await File.ReadAllBytesAsync(
                Path.Combine(first.GetProperty("path").GetString()!, "model.onnx"),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(new FileInfo(archive).Length, first.GetProperty("bytes_fetched").GetInt64());
        Assert.Equal(
            ("revalidated", 0),
            (second.GetProperty("outcome").GetString(), second.GetProperty("bytes_fetched").GetInt64())
        );
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Fact]
    public async Task Pull_UnpackNone_IsTheArchiveAndBothAreToldApart()
    {
        var archive = Pack("prices.zip");
        await RunAsync("pull", archive);
        var result = (await RunAsync("pull", archive, "--unpack", "none", "--json")).Done();

        var list = (await RunAsync("list")).Done();
        var show = (await RunAsync("show", archive, "--json")).Done().Json;
        var none = (await RunAsync("show", archive, "--unpack", "none", "--json")).Done().Json;

        Assert.Equal(1, result.Json.GetProperty("files").GetInt32());
        Assert.Contains("--unpack none", list.Output, StringComparison.Ordinal);
        Assert.Equal(
            ("prices.zip", "auto"),
            (show.GetProperty("archive").GetString(), show.GetProperty("unpack").GetString())
        );
        Assert.Equal((null, "none"), (none.GetProperty("archive").GetString(), none.GetProperty("unpack").GetString()));
        (await RunAsync("pull", archive, "--unpack", "all")).Ended(2);
    }

    [Fact]
    public async Task Pull_ArchiveThatLeadsOut_SaysWhichEntryAndStoresNothing()
    {
        using (var zip = ZipFile.Open(At("bad.zip"), ZipArchiveMode.Create))
            zip.CreateEntry("../../outside");

        var result = (await RunAsync("pull", At("bad.zip"))).Ended(1);

        Assert.Contains("'../../outside' in ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Empty((await RunAsync("list", "--json")).Json.GetProperty("entries").EnumerateArray());
        StoreOnDisk.AssertWhole(StorePath);
    }

    [Fact]
    public async Task Pull_ArchiveAboveALimitOfTheConfiguration_NamesTheSetting()
    {
        var archive = Pack("prices.zip");
        var configuration = Write("larder.json", """{"archives": {"max_entries": 1}}""");

        var result = (await RunAsync("pull", archive, "--config", configuration)).Ended(1);

        Assert.Contains("raise archives.max_entries", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predict_ModelInAnArchive_Answers()
    {
        var archive = Pack("prices.tar.gz");

        (await RunAsync("predict", archive, "--input", Example(Prices))).Done();
    }

    private string Pack(string name)
    {
        if (name.EndsWith(".zip", StringComparison.Ordinal))
        {
            ZipFile.CreateFromDirectory(Sample(Prices), At(name));
            return At(name);
        }
        using var file = File.Create(At(name));
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        System.Formats.Tar.TarFile.CreateFromDirectory(Sample(Prices), gzip, includeBaseDirectory: false);
        return At(name);
    }
}
