using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Larder.Recordings.Tests.Telemetry;

/// <summary>Instruments are those of the process: these run while no other test uses them.</summary>
[CollectionDefinition(nameof(RecordingMeterTests), DisableParallelization = true)]
[Collection(nameof(RecordingMeterTests))]
public sealed class RecordingMeterTests
{
    [Fact]
    public async Task Calls_RecordedAndReplayed_AreCountedByOutcome()
    {
        var sums = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "larder.recordings.calls")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) => sums.AddOrUpdate($"{tags[0].Key}={tags[0].Value}", value, (_, sum) => sum + value)
        );
        listener.Start();
        using var room = new RecordingsRoom();
        using (var recording = room.Open(RecordingMode.Record))
            await recording.Wrap<IAssistant>(new Assistant()).TableAsync("x");
        using var recordings = room.Open(RecordingMode.Replay);
        var assistant = recordings.Wrap<IAssistant>(new Assistant());

        await assistant.TableAsync("x");
        await Assert.ThrowsAsync<RecordingMissingException>(() => assistant.TableAsync("y"));

        Assert.Equal((1, 1, 1), (sums["outcome=recorded"], sums["outcome=hit"], sums["outcome=miss"]));
        Assert.Equal(
            (1, 1, 0),
            (recordings.Statistics.Cache.Hits, recordings.Statistics.Cache.Misses, recordings.Statistics.Cache.Failures)
        );
    }
}
