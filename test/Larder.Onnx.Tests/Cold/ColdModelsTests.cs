using System.Runtime.Versioning;
using Larder.Onnx.Cold;
using Larder.Onnx.Tests.Serving;

namespace Larder.Onnx.Tests.Cold;

[SupportedOSPlatform("linux")]
public sealed partial class ColdModelsTests : IAsyncDisposable
{
    private readonly ColdWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task LoadAsync_UnloadedBefore_LoadsTheCopyWithTheSameAnswers()
    {
        await using var process = _world.Start();
        var first = await process.LoadAsync();

        var second = await process.LoadAsync();

        Assert.Equal((false, true), (first.IsCopy, second.IsCopy));
        Assert.Equal(first.Outputs, second.Outputs);
        Assert.Equal(first.Inputs, second.Inputs);
        Assert.Equal(first.Version, second.Version);
        Assert.Single(process.Copies);
    }

    [Fact]
    public async Task LoadAsync_AnotherProcess_LoadsTheCopy()
    {
        await using (var first = _world.Start())
            await first.LoadAsync();
        await using var second = _world.Start();

        Assert.True((await second.LoadAsync()).IsCopy);
    }

    [Fact]
    public async Task LoadAsync_CopyInTheLowerStore_IsLoaded()
    {
        await using (var first = _world.Start())
            await first.LoadAsync();
        await using var upper = _world.Start(configure: options =>
        {
            options.LowerStorePath = _world.Store;
            options.StorePath = $"{_world.Store}-above";
        });

        Assert.True((await upper.LoadAsync()).IsCopy);
    }

    [Fact]
    public async Task LoadAsync_CopyIsLoaded_HoldsTheCopyAndTheModel()
    {
        await using var process = _world.Start();
        var first = await process.LoadAsync();

        await using var lease = await process.Models.RentAsync(ServingWorld.Request(), Token);

        Assert.True(lease.IsOptimizedCopy);
        Assert.Equal(first.Version, lease.Version);
        Assert.Equal(first.Version, process.Models.TryDescribe(ServingWorld.Request())?.Version);
        Assert.Equal([true, true], process.Files.List().Select(entry => entry.Leased));
    }

    public static TheoryData<string> Differences => ["version", "build", "architecture", "cpu"];

    [Theory]
    [MemberData(nameof(Differences))]
    public async Task LoadAsync_MadeElsewhere_IsAMiss(string difference)
    {
        await using (var here = _world.Start())
            await here.LoadAsync();
        var elsewhere = difference switch
        {
            "version" => ColdWorld.Here with { RuntimeVersion = "1.31.0" },
            "build" => ColdWorld.Here with { RuntimeBuild = "another build" },
            "architecture" => ColdWorld.Here with { Architecture = "arm64" },
            _ => ColdWorld.Here with { CpuFeatures = ["avx2", "avx512f", "fma"] },
        };
        await using var process = _world.Start(elsewhere);

        Assert.False((await process.LoadAsync()).IsCopy);
        Assert.Equal(2, process.Copies.Count);
    }

    [Fact]
    public async Task LoadAsync_AnotherVersionOfTheModel_IsAMiss()
    {
        await using (var process = _world.Start())
            await process.LoadAsync();
        _world.Origin.Put("model.onnx", Tests.Models.Foldable(links: 21));
        await using var later = _world.Start();
        using (await later.Files.PullAsync(ServingWorld.Reference(), new() { Refresh = true }, Token)) { }

        Assert.False((await later.LoadAsync()).IsCopy);
    }

    [Fact]
    public async Task LoadAsync_AnotherFileOfTheModel_IsAMiss()
    {
        _world.Origin.Put("other.onnx", Tests.Models.Foldable(links: 7));
        await using var process = _world.Start();
        var model = await process.LoadAsync("model.onnx");

        var other = await process.LoadAsync("other.onnx");

        Assert.False(other.IsCopy);
        Assert.NotEqual(model.Outputs, other.Outputs);
    }

    [Fact]
    public async Task LoadAsync_ExternalData_TheCopyHasAllOfItsOwn()
    {
        _world.Origin.Put("model.onnx", Tests.Models.FoldableWithExternalData("table.bin", out var data));
        _world.Origin.Put("table.bin", data);
        await using var process = _world.Start();
        var first = await process.LoadAsync();

        var second = await process.LoadAsync();

        Assert.Equal((false, true), (first.IsCopy, second.IsCopy));
        Assert.Equal(first.Outputs, second.Outputs);
        Assert.Equal(
            ["model.onnx", "model.weights"],
            process.Copies[0].ReadManifest()!.Files.Select(file => file.Path)
        );
    }

    [Fact]
    public async Task LoadAsync_TurnedOff_NeitherWritesNorReads()
    {
        await using (var on = _world.Start())
            await on.LoadAsync();
        await using var off = _world.Start(isOn: false);
        Assert.False((await off.LoadAsync()).IsCopy);
        await off.Files.RemoveAsync(
            OptimizedRequest.KeyOf(off.Copies[0].DerivedFrom!.Value, "model.onnx", ColdWorld.Here),
            Token
        );

        await off.LoadAsync();

        Assert.Empty(off.Copies);
    }

    [Fact]
    public async Task LoadAsync_SmallModel_WritesNothing()
    {
        await using var process = _world.Start(rule: new ColdRule());
        await process.LoadAsync();

        Assert.Empty(process.Copies);
    }

    [Fact]
    public async Task LoadAsync_QuickToLoad_WritesNothingAndIsNotTriedAgain()
    {
        var rule = ColdWorld.Always with { LeastLoadTime = TimeSpan.MaxValue };
        await using var process = _world.Start(rule: rule);
        await process.LoadAsync();
        // A second try would be found out by this.
        Directory.Delete(Path.Combine(_world.Store, "staging"), recursive: true);

        await process.LoadAsync();

        Assert.Empty(process.Copies);
        Assert.Empty(_world.Log.Warnings);
    }

    [Fact]
    public async Task LoadAsync_LargeModel_IsLoadedOnceBeforeItsCopyIsWritten()
    {
        await using var process = _world.Start(rule: ColdWorld.Always with { MostUntriedBytes = 0 });

        bool[] copies =
        [
            (await process.LoadAsync()).IsCopy,
            (await process.LoadAsync()).IsCopy,
            (await process.LoadAsync()).IsCopy,
        ];

        Assert.Equal([false, false, true], copies);
    }

    [Fact]
    public async Task LoadAsync_ManyAtOnce_KeepOneCopy()
    {
        await using (var first = _world.Start())
        using (await first.Files.PullAsync(ServingWorld.Reference(), null, Token)) { }
        await using var one = _world.Start();
        await using var other = _world.Start();

        var loaded = await Task.WhenAll(
            Task.Run(() => one.LoadAsync(), Token),
            Task.Run(() => other.LoadAsync(), Token)
        );

        Assert.Equal(loaded[0].Outputs, loaded[1].Outputs);
        Assert.Single(one.Copies);
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(_world.Store, "snapshots")).Length);
        AssertNothingStaged();
    }

    private void AssertNothingStaged() =>
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_world.Store, "staging")));
}
