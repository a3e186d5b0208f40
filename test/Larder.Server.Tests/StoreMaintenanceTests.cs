using Larder.Origins;
using Larder.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Server.Tests;

public sealed class StoreMaintenanceTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public async Task Run_SomebodyRemovedFilesByHand_CountsAnewAfterTheStartIsOver()
    {
        var token = TestContext.Current.CancellationToken;
        Directory.CreateDirectory(_directory["model"]);
        await File.WriteAllTextAsync(Path.Join(_directory["model"], "model.onnx"), "weights", token);
        var time = new ManualTimeProvider();
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = _directory["store"] }, timeProvider: time);
        (await cache.PullAsync(ModelReference.OfPath(_directory["model"]), cancellationToken: token)).Dispose();
        Directory.Delete(Path.Join(_directory["store"], "entries", "model"), recursive: true);
        using var maintenance = new StoreMaintenance(cache, time, NullLogger<StoreMaintenance>.Instance);

        await maintenance.StartAsync(token);
        Assert.Equal(1, cache.GetStatistics().TotalModels);

        // It rests and counts on a thread of its own, and tells nobody when it begins to.
        while (cache.GetStatistics().TotalModels != 0)
        {
            time.Advance(StoreMaintenance.RestAfterStart);
            await Task.Delay(TimeSpan.FromMilliseconds(5), token);
        }
        await maintenance.StopAsync(token);
    }

    [Fact]
    public async Task Run_StoreFailsInAWayThatNobodyForesaw_GoesOn()
    {
        var token = TestContext.Current.CancellationToken;
        var time = new ManualTimeProvider();
        using var log = new RecordingLoggerFactory();
        var cache = new ModelCache(new ModelCacheOptions { StorePath = _directory["store"] }, timeProvider: time);
        using var maintenance = new StoreMaintenance(cache, time, log.CreateLogger<StoreMaintenance>());
        cache.Dispose();

        await maintenance.StartAsync(token);

        // The sweep of the start, and one after the rest at least.
        while (log.Warnings.Count() < 2)
        {
            Assert.False(maintenance.ExecuteTask!.IsCompleted);
            time.Advance(StoreMaintenance.RestAfterStart);
            await Task.Delay(TimeSpan.FromMilliseconds(5), token);
        }
        await maintenance.StopAsync(token);
    }

    public void Dispose() => _directory.Dispose();
}
