using Larder.Origins;
using Larder.Pull;
using Larder.Sharing;
using Larder.TestKit;

namespace Larder.Tests.Pull;

/// <summary>Machines with stores of their own, an origin and a team's store that all of them use.</summary>
internal sealed class Fleet(TimeProvider time) : IAsyncDisposable
{
    public static readonly SharedCacheOptions Options = new() { Models = true };

    private readonly TempDirectory _directory = new();
    private readonly List<(ModelCache Cache, SharedCache Shared)> _machines = [];

    public FakeOrigin Origin { get; } = new();

    public FakeSharedStore Store { get; } = new(time);

    public RecordingLoggerFactory Log { get; } = new();

    public ModelReference Reference { get; } = FakeOrigin.Reference();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A path beside the stores.</summary>
    public string this[string name] => _directory[name];

    /// <summary>A machine with an empty store.</summary>
    public ModelCache NewMachine(SharedCacheOptions? options = null, TimeProvider? itsTime = null)
    {
        var shared = new SharedCache(Store, options ?? Options, itsTime ?? time, Log);
        var cache = new ModelCache(
            new ModelCacheOptions
            {
                StorePath = _directory[$"machine-{_machines.Count}"],
                Retries = 0,
                Shared = shared,
            },
            [Origin],
            itsTime ?? time,
            Log
        );
        _machines.Add((cache, shared));
        return cache;
    }

    /// <summary>Pulls on a machine and waits until what it publishes is there.</summary>
    public async Task<Snapshot> PullAsync(ModelCache machine, PullOptions? options = null)
    {
        var snapshot = await machine.PullAsync(Reference, options, Token);
        snapshot.Dispose();
        await machine.FlushAsync(Token);
        return snapshot;
    }

    /// <summary>The entries of the team's store.</summary>
    public IReadOnlyList<string> Entries => [.. Store.Names.Where(name => name.StartsWith("entries/", StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        foreach (var (cache, shared) in _machines)
        {
            cache.Dispose();
            await shared.DisposeAsync();
        }
        _directory.Dispose();
    }
}
