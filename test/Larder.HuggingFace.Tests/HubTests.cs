using Larder.Origins;
using Larder.Pull;
using Larder.TestKit;
using Larder.TestKit.Hub;

namespace Larder.HuggingFace.Tests;

/// <summary>What the tests of the origin have in common: a Hub with one repository, an origin, a store.</summary>
public abstract class HubTests : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<IDisposable> _owned = [];

    protected const string Id = "org/repo";

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected TestHub Hub { get; } = new();

    protected TestHubRepository Repository { get; }

    protected HubTests() => Repository = Hub.Create(Id);

    protected string At(string name) => _directory[name];

    /// <summary>A reference to the repository, or to a part of it.</summary>
    protected static ModelReference Reference(string rest = "@main") => ModelReference.Parse($"hf://{Id}{rest}");

    /// <summary>An origin for the Hub in an environment of its own, such as <c>HF_TOKEN=…</c>.</summary>
    private protected HuggingFaceOrigin Origin(params string[] environment)
    {
        var variables = environment.ToDictionary(pair => pair.Split('=')[0], pair => pair.Split('=', 2)[1]);
        variables.TryAdd("HF_ENDPOINT", Hub.Endpoint.AbsoluteUri);
        variables.TryAdd("HOME", At("home"));
        return Own(new HuggingFaceOrigin(new HuggingFaceOptions(), new HubEnvironment(variables.GetValueOrDefault)));
    }

    /// <summary>A cache on the test's store.</summary>
    protected ModelCache Cache(
        IOrigin? origin = null,
        int connections = 4,
        int retries = 0,
        string store = "store",
        TimeProvider? time = null
    ) =>
        Own(
            new ModelCache(
                new ModelCacheOptions
                {
                    StorePath = At(store),
                    Connections = connections,
                    Retries = retries,
                },
                [origin ?? Origin()],
                time
            )
        );

    protected async Task<Snapshot> PullAsync(
        ModelCache? cache = null,
        ModelReference? reference = null,
        bool refresh = false
    ) =>
        Own(
            await (cache ?? Cache()).PullAsync(
                reference ?? Reference(),
                new PullOptions { Refresh = refresh, StaleIfError = false },
                Cancellation
            )
        );

    /// <summary>The failure of a pull.</summary>
    protected async Task<OriginException> FailureOfPullAsync(
        ModelCache? cache = null,
        ModelReference? reference = null
    ) => await Assert.ThrowsAsync<OriginException>(() => PullAsync(cache, reference, refresh: true));

    protected T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        // What was made last goes first: snapshots, caches, origins.
        foreach (var owned in Enumerable.Reverse(_owned))
            owned.Dispose();
        await Hub.DisposeAsync();
        _directory.Dispose();
    }
}
