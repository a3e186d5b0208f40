using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Larder.Passes.Tests.Running;

namespace Larder.Passes.Tests.Telemetry;

public sealed class PassMeterTests
{
    // Instruments are those of the process, in which other tests run passes of other types.
    private const string Type = "metered";

    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);

    [Fact]
    public async Task Runs_ComputedHitAndFailed_AreCountedByTypeAndOutcome()
    {
        using var listener = Listen();
        var pass = new FakePass(Type);
        using var machine = new Machine(passes: pass);
        pass.Instead = (_, _) => throw new InvalidOperationException("It fails.");
        await Assert.ThrowsAsync<PassException>(() => machine.RunAsync("""{"a":1}"""));
        pass.Instead = null;

        await machine.RunAsync("""{"a":2}""", """{"b":2}""");
        var again = await machine.RunAsync("""{"a":2}""", """{"b":2}""");

        Assert.Equal(1, _sums[$"larder.passes.steps type={Type} outcome=failed"]);
        Assert.Equal(2, _sums[$"larder.passes.steps type={Type} outcome=computed"]);
        Assert.Equal(
            2,
            _sums.GetValueOrDefault($"larder.passes.steps type={Type} outcome=local_hit")
                + _sums.GetValueOrDefault($"larder.passes.steps type={Type} outcome=not_needed")
        );
        Assert.Contains($"larder.passes.duration type={Type}", _sums.Keys);
        Assert.Equal((2L, 0L), (again.Cache.Hits + again.Passes.Count - again.Cache.Entries, again.Cache.Misses));
    }

    [Fact]
    public async Task Run_SomebodyTraces_HasAnActivityForWhatIsComputed()
    {
        using var root = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Larder",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == root.TraceId && activity.OperationName == "larder.pass")
                    ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var machine = new Machine(passes: new FakePass(Type));

        await machine.RunAsync("""{"a":1}""", """{"b":2}""");

        Assert.Equal(["p1", "p2"], ended.Select(activity => activity.GetTagItem("larder.pass.name")));
        Assert.All(ended, activity => Assert.Equal(Type, activity.GetTagItem("larder.pass.type")));
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name.StartsWith("larder.passes.", StringComparison.Ordinal))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        return listener;

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _sums.AddOrUpdate(
                instrument.Name + string.Concat(tags.ToArray().Select(tag => $" {tag.Key}={tag.Value}")),
                value,
                (_, sum) => sum + value
            );
    }
}
