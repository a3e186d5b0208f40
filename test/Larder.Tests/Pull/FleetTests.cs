using Larder.Pull;
using Larder.TestKit;

namespace Larder.Tests.Pull;

// On the clock of the system: machines wait for each other by asking again.
public sealed class FleetTests : IAsyncDisposable
{
    private const int Machines = 8;

    private readonly Fleet _fleet = new(TimeProvider.System);

    public FleetTests() =>
        _fleet.Origin.Put("model.onnx", TestBytes.Of(3 << 20, seed: 1)).Put("labels.txt", "cat dog"u8.ToArray());

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task PullAsync_AllAtOnce_TheOriginIsListedOnceAndEachFileReadOnce()
    {
        var snapshots = await PullOnAllAsync(options: null);

        Assert.Equal(1, _fleet.Origin.Listings);
        Assert.Equal(["labels.txt", "model.onnx"], _fleet.Origin.Opened.Order(StringComparer.Ordinal));
        Assert.Single(snapshots, snapshot => snapshot.Outcome == PullOutcome.Miss);
        Assert.Equal(Machines - 1, snapshots.Count(snapshot => snapshot.Outcome == PullOutcome.Shared));
        Assert.Single(snapshots.Select(snapshot => snapshot.Digest).Distinct());
    }

    [Fact]
    public async Task PullAsync_AllAtOnceAndTheModelHasMovedOn_TheOriginIsAskedOnceAgain()
    {
        await _fleet.PullAsync(_fleet.NewMachine());
        _fleet.Origin.Put("labels.txt", "cat cow"u8.ToArray());
        var asked = TimeProvider.System.GetUtcNow();
        // What was checked before just now is not fresh; what the first of them will check is.
        var options = new PullOptions { FreshFor = TimeSpan.FromMinutes(5) };
        var later = new ImpatientClock(TimeSpan.FromMinutes(10));

        var snapshots = await PullOnAllAsync(options, later);

        Assert.True(asked < later.GetUtcNow());
        Assert.Equal(2, _fleet.Origin.Listings);
        Assert.Equal("labels.txt", Assert.Single(_fleet.Origin.Opened.Skip(2)));
        Assert.Single(snapshots.Select(snapshot => snapshot.Digest).Distinct());
    }

    private async Task<Snapshot[]> PullOnAllAsync(PullOptions? options, TimeProvider? time = null)
    {
        var machines = Enumerable.Range(0, Machines).Select(_ => _fleet.NewMachine(itsTime: time)).ToList();
        return await Task.WhenAll(machines.Select(machine => Task.Run(() => _fleet.PullAsync(machine, options))));
    }

    /// <summary>The clock of the system, set forward.</summary>
    private sealed class ImpatientClock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
