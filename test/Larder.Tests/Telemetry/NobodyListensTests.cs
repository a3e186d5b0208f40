using System.Diagnostics;
using Larder.Origins;
using Larder.Pull;
using Larder.Telemetry;
using Larder.TestKit;

namespace Larder.Tests.Telemetry;

[Collection(AloneTests.Name)]
public sealed class NobodyListensTests
{
    private const int Times = 1000;

    [Fact]
    public void Instruments_NobodyListens_AllocateNothing()
    {
        var report = new PullReport(default, PullOutcome.Hit);
        Measure();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < Times; i++)
            Measure();

        // Not a byte a call; what the runtime does for itself now and then is let pass.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Times - 1);

        void Measure()
        {
            PullMeter.Count(report, TimeSpan.FromSeconds(1));
            TransferMeter.Begin();
            TransferMeter.Arrived(100);
            TransferMeter.Retry(OriginFailure.Unavailable);
            TransferMeter.End();
            StoreMeter.EvictedForRoom(1);
            StoreMeter.BytesVerified(100);
            SharedMeter.LookedUp(1, 1);
            using var activity = LarderActivities.Start(LarderActivities.Pull);
            activity?.SetTag("larder.model.reference", "none");
        }
    }

    [Fact]
    public async Task Hit_NobodyListens_IsAnsweredWithoutAnActivity()
    {
        using var store = new TestStore();
        store.Origin.Put("a.bin", TestBytes.Of(1000));
        await store.PullAndReleaseAsync();
        AllocatedByHits(store, 20);
        var alone = AllocatedByHits(store, 200);

        long watched;
        using (
            var listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == LarderTelemetry.ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            }
        )
        {
            ActivitySource.AddActivityListener(listener);
            AllocatedByHits(store, 20);
            watched = AllocatedByHits(store, 200);
        }
        var after = AllocatedByHits(store, 200);

        // What a trace costs is paid by who listens, and no longer than he does.
        Assert.InRange(watched, alone + (200 * 200), long.MaxValue);
        Assert.InRange(after, 0, alone + (200 * 16));
    }

    private static long AllocatedByHits(TestStore store, int hits)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < hits; i++)
        {
            var pull = store.PullAsync();
            Assert.True(pull.IsCompletedSuccessfully);
            pull.GetAwaiter().GetResult().Dispose();
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
