using System.Globalization;
using Larder.Baking;
using Larder.Origins;
using Larder.TestKit;
using Larder.Tests.Faults;

namespace Larder.Tests.Baking;

/// <summary>A host that bakes is killed, has its power cut, or one of its calls fails: the archive is the old one or the new one.</summary>
[Trait("Category", "Integration")]
public sealed class BakeFaultTests : IDisposable
{
    // More calls of one kind than a bake makes.
    private const int TooMany = 200;

    private readonly ITestOutputHelper _output;
    private readonly TempDirectory _directory = new();

    public BakeFaultTests(ITestOutputHelper output)
    {
        _output = output;
        Directory.CreateDirectory(_directory["model"]);
        Directory.CreateDirectory(_directory["out"]);
        File.WriteAllBytes(_directory["model/weights.bin"], TestBytes.Of(10 << 20));
        File.WriteAllBytes(_directory["model/config.json"], TestBytes.Of(100, seed: 2));
        new ImageBuilder()
            .AddLayer(TarEntries.File("bin/sh", TestBytes.Of(2 << 20)))
            .AddImage()
            .Write(_directory["base.tar"]);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Archive => _directory["out/image.tar"];

    private ModelReference Reference => ModelReference.OfPath(_directory["model"]);

    [Theory]
    [InlineData("write:ENOSPC")]
    [InlineData("fsync:EIO")]
    [InlineData("rename:EIO")]
    public Task Bake_EachCallOnTheArchiveFailsInTurn_LeavesTheOldOneOrTheNewOne(string fault) => FailAsync(fault);

    [Theory]
    [Trait("Category", "Full")]
    [InlineData("write:EIO")]
    [InlineData("write:EDQUOT")]
    [InlineData("open:EACCES")]
    [InlineData("open:EMFILE")]
    [InlineData("unlink:EIO")]
    public Task Bake_EachOtherCallOnTheArchiveFailsInTurn_LeavesTheOldOneOrTheNewOne(string fault) => FailAsync(fault);

    [Fact]
    public async Task Bake_DiskIsFullFromTheMiddleOn_SaysSo()
    {
        var run = await RunFullAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("There is no room for", run.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory["out"]));

        async Task<FaultRun> RunFullAsync()
        {
            await PullAsync();
            return await FaultyHost.RunAsync(Arguments, "write:ENOSPC:4:always", _directory["out"]);
        }
    }

    [Theory]
    [InlineData("read:flip")]
    [InlineData("read:short")]
    public async Task Bake_StoreOrBaseIsReadWrong_IsNotBakedSo(string fault)
    {
        var digest = await BakeAsync();
        for (var call = 1; call < TooMany; call++)
        {
            File.Delete(Archive);
            // The store, the base and all else below the directory.
            var run = await FaultyHost.RunAsync(
                Arguments,
                string.Create(CultureInfo.InvariantCulture, $"{fault}:{call}"),
                _directory.Path
            );

            if (!run.Met)
            {
                _output.WriteLine($"{call} runs");
                Assert.True(call > 10);
                return;
            }
            if (run.Succeeded)
                Assert.Equal(digest, run.Said("baked"));
            else
            {
                Assert.Equal(1, run.ExitCode);
                Assert.False(File.Exists(Archive));
            }
        }
        Assert.Fail($"More than {TooMany} calls.");
    }

    [Fact]
    public async Task Bake_PowerCutAtAnyCall_LeavesTheOldOneOrTheNewOne()
    {
        var digest = await BakeAsync();
        var seed = Environment.TickCount & 0xffff;
        _output.WriteLine($"seed {seed}");
        for (var call = 1; call < TooMany; call++)
        {
            await File.WriteAllTextAsync(Archive, "old", Cancellation);

            var (exitCode, output) = await HostProcess.RunAsync(
                Arguments,
                FaultyHost.PowerCut(
                    string.Create(CultureInfo.InvariantCulture, $"{call}:{seed + call}"),
                    _directory["out"]
                )
            );

            if (exitCode == 0)
            {
                _output.WriteLine($"{call} runs");
                Assert.True(call > 10);
                return;
            }
            Assert.True(exitCode == HostProcess.KilledExitCode, output);
            AssertOldOrNew(new FaultRun(exitCode, output, Met: true), digest);
            Assert.Equal(digest, await BakeAsync());
            Assert.Single(Directory.GetFiles(_directory["out"]));
        }
        Assert.Fail($"More than {TooMany} calls.");
    }

    public void Dispose() => _directory.Dispose();

    private string[] Arguments => ["bake", _directory["store"], Reference.Text, Archive, _directory["base.tar"]];

    private async Task FailAsync(string fault)
    {
        var digest = await BakeAsync();
        var met = 0;
        for (var call = 1; call < TooMany; call++)
        {
            await File.WriteAllTextAsync(Archive, "old", Cancellation);

            var run = await FaultyHost.RunAsync(
                Arguments,
                string.Create(CultureInfo.InvariantCulture, $"{fault}:{call}"),
                _directory["out"]
            );

            if (!run.Met)
            {
                Assert.Equal(digest, run.Said("baked"));
                _output.WriteLine($"{call} runs");
                // Where the one call is that there is: unlinking is for who fails.
                Assert.True(met > 0 || fault.StartsWith("unlink", StringComparison.Ordinal));
                return;
            }
            met++;
            AssertOldOrNew(run, digest);
            Assert.DoesNotContain("Unhandled", run.Output, StringComparison.Ordinal);
            Assert.Equal(digest, await BakeAsync());
            Assert.Single(Directory.GetFiles(_directory["out"]));
        }
        Assert.Fail($"More than {TooMany} calls.");
    }

    private void AssertOldOrNew(FaultRun run, string digest)
    {
        if (File.ReadAllBytes(Archive).AsSpan().SequenceEqual("old"u8))
        {
            Assert.Null(run.Said("baked"));
            return;
        }
        using var image = LaidOutImage.Of(Archive);
        Assert.Contains(digest, image.Index.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task PullAsync()
    {
        using var cache = Open();
        (await cache.PullAsync(Reference, null, Cancellation)).Dispose();
    }

    private ModelCache Open() => new(new ModelCacheOptions { StorePath = _directory["store"] });

    private async Task<string> BakeAsync()
    {
        using var cache = Open();
        using var snapshot = await cache.PullAsync(Reference, null, Cancellation);
        var options = new BakeOptions { BaseArchive = _directory["base.tar"] };
        var result = await cache.BakeAsync([new BakeModel(snapshot)], Archive, options, Cancellation);
        return result.Digest.ToString();
    }
}
