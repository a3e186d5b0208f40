using Larder.Onnx.Tests.Serving;
using Larder.Origins;

namespace Larder.Onnx.Tests.Cold;

// Whatever is wrong with the copy or with the store: the model is loaded, and answers as it always does.
public sealed partial class ColdModelsTests
{
    [Fact]
    public async Task LoadAsync_CopyIsDamaged_LoadsTheModelAndReplacesTheCopy()
    {
        await using var process = _world.Start();
        var sound = await process.LoadAsync();
        var file = Path.Combine(process.Copies[0].SnapshotPath, "model.onnx");
        Damage(file);

        var damaged = await process.LoadAsync();
        var mended = await process.LoadAsync();

        Assert.Equal((false, true), (damaged.IsCopy, mended.IsCopy));
        Assert.Equal([sound.Outputs, sound.Outputs], [damaged.Outputs, mended.Outputs]);
        Assert.Contains(
            _world.Log.Warnings,
            warning => warning.StartsWith("Removed the optimised copy", StringComparison.Ordinal)
        );
        Assert.False((await process.Files.VerifyAsync(null, cancellationToken: Token)).Findings.Any());
    }

    [Fact]
    public async Task LoadAsync_CopyIsTouched_IsAMissAndReplacesIt()
    {
        await using var process = _world.Start();
        var sound = await process.LoadAsync();
        File.SetLastWriteTimeUtc(Path.Combine(process.Copies[0].SnapshotPath, "model.onnx"), DateTime.UnixEpoch);

        var touched = await process.LoadAsync();
        var mended = await process.LoadAsync();

        Assert.Equal((false, true), (touched.IsCopy, mended.IsCopy));
        Assert.Equal(sound.Outputs, mended.Outputs);
        Assert.Single(process.Copies);
    }

    [Fact]
    public async Task LoadAsync_NoRoom_LoadsTheModelAndEvictsNothing()
    {
        var size = Tests.Models.Foldable().Length;
        await using var process = _world.Start(configure: options => options.CapacityBytes = size + (size / 2));

        var first = await process.LoadAsync();
        var second = await process.LoadAsync();

        Assert.Equal((false, false), (first.IsCopy, second.IsCopy));
        Assert.Equal(["model"], process.Files.List().Select(entry => entry.Kind));
        Assert.Contains(_world.Log.Warnings, warning => warning.Contains("no room", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LoadAsync_StoreCannotBeWritten_LoadsTheModel()
    {
        await using (var first = _world.Start(isOn: false))
            await first.LoadAsync();
        var staging = Path.Combine(_world.Store, "staging");
        await using var process = _world.Start();
        Directory.Delete(staging, recursive: true);
        await File.WriteAllTextAsync(staging, "in the way", Token);

        Assert.False((await process.LoadAsync()).IsCopy);

        Assert.Contains(_world.Log.Warnings, warning => warning.StartsWith("Could not keep", StringComparison.Ordinal));
        Assert.Empty(process.Copies);
    }

    [Fact]
    public async Task LoadAsync_ModelIsDamaged_FailsAndLeavesNothing()
    {
        var bytes = Tests.Models.Foldable();
        _world.Origin.Put("model.onnx", bytes[..(bytes.Length / 2)]);
        await using var process = _world.Start();

        await Assert.ThrowsAsync<OnnxException>(() => process.LoadAsync());

        Assert.Empty(process.Copies);
        AssertNothingStaged();
    }

    [Fact]
    public async Task LoadAsync_CallerLeavesBeforeTheCommit_LeavesNothing()
    {
        await using (var process = _world.Start())
        {
            using (await process.Files.PullAsync(ServingWorld.Reference(), null, Token)) { }
            using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);
            // Nothing can be committed while this is held.
            await using var commits = HoldCommits();
            var renting = process.Models.RentAsync(ServingWorld.Request(), caller.Token);
            await caller.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => renting);
            // Waits for the load that nobody wants any more.
            await process.Graphs.DisposeAsync();
        }

        await using var later = _world.Start();
        Assert.Empty(later.Copies);
        AssertNothingStaged();
        Assert.DoesNotContain(later.Files.List(), entry => entry.Leased);
    }

    [Fact]
    public async Task ClearAsync_OfTheModel_RemovesTheCopyToo()
    {
        await using var process = _world.Start();
        await process.LoadAsync();

        var cleared = await process.Files.ClearAsync(ServingWorld.Reference(), Token);

        Assert.Equal((1, 0), (cleared.RemovedEntries, cleared.KeptInUse.Count));
        Assert.Empty(process.Files.List());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_world.Store, "blobs"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task ClearAsync_WhileTheCopyIsLoaded_KeepsBoth()
    {
        await using var process = _world.Start();
        await process.LoadAsync();
        await using var lease = await process.Models.RentAsync(ServingWorld.Request(), Token);

        var cleared = await process.Files.ClearAsync((ModelReference?)null, Token);

        Assert.Equal(0, cleared.RemovedEntries);
        Assert.Equal([ServingWorld.Reference().Text], cleared.KeptInUse);
        Assert.Equal(2, process.Files.List().Count);
    }

    // .NET's own lock on a file is the flock that the store asks for.
    private FileStream HoldCommits() =>
        new(
            Path.Combine(_world.Store, "leases", "commit"),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.None
        );

    /// <summary>Overwrites the beginning of a file such that its status does not tell.</summary>
    private static void Damage(string path)
    {
        var (mode, time) = (File.GetUnixFileMode(path), File.GetLastWriteTimeUtc(path));
        File.SetUnixFileMode(path, mode | UnixFileMode.UserWrite);
        using (var file = File.OpenHandle(path, access: FileAccess.Write))
            RandomAccess.Write(file, Enumerable.Repeat((byte)0xFF, 64).ToArray(), fileOffset: 0);
        File.SetUnixFileMode(path, mode);
        File.SetLastWriteTimeUtc(path, time);
    }
}
