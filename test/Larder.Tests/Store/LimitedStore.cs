using Larder.Content;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Room;
using Larder.TestKit;
using Larder.Tests.Store.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larder.Tests.Store;

/// <summary>A store with limits, a clock to move and an origin of several models, which are called by one word each.</summary>
internal sealed class LimitedStore : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ModelCacheOptions _options;
    private readonly TimeProvider _time;

    public LimitedStore(Action<ModelCacheOptions>? configure = null, TimeProvider? time = null)
    {
        _options = new ModelCacheOptions { StorePath = _directory["store"] };
        configure?.Invoke(_options);
        _time = time ?? Clock;
        Cache = Open();
    }

    public ModelsOrigin Origin { get; } = new();

    /// <summary>The clock, unless the test has brought its own.</summary>
    public ShiftedTimeProvider Clock { get; } = new();

    public ModelCache Cache { get; private set; }

    public string Root => _options.StorePath;

    public long HeldBytes => Cache.GetStatistics().Cache.Bytes;

    /// <summary>The models that have an entry.</summary>
    public IReadOnlyList<string> Models => [.. Cache.List().Select(model => NameOf(model.Reference))];

    /// <summary>A path beside the store.</summary>
    public string this[string name] => _directory[name];

    /// <summary>The word in a reference.</summary>
    public static string NameOf(string reference) => reference.TrimEnd('/').Split('/')[^1];

    public static IReadOnlyList<string> NamesOf(IEnumerable<string> references) => [.. references.Select(NameOf)];

    /// <summary>A model of one file of its own, at the origin.</summary>
    public LimitedStore Put(string model, int sizeBytes)
    {
        Origin.Put(model, ("model.onnx", TestBytes.Of(sizeBytes, model[0])));
        return this;
    }

    /// <summary>Pulls a model and holds it.</summary>
    public Task<Snapshot> HoldAsync(string model, PullOptions? options = null) =>
        Cache.PullAsync(ModelsOrigin.Reference(model), options, TestContext.Current.CancellationToken);

    /// <summary>Pulls models one after another, a minute apart, and gives the leases back.</summary>
    public async Task PullAsync(params string[] models)
    {
        foreach (var model in models)
        {
            (await HoldAsync(model, new PullOptions { FreshFor = TimeSpan.MaxValue })).Dispose();
            Clock.Shift += TimeSpan.FromMinutes(1);
        }
    }

    /// <summary>Asks the origin for the present version.</summary>
    public async Task<Digest> RefreshAsync(string model)
    {
        using var snapshot = await HoldAsync(model, new PullOptions { Refresh = true });
        return snapshot.Digest;
    }

    public Task PinAsync(string model) =>
        Cache.PinAsync(ModelsOrigin.Reference(model), cancellationToken: TestContext.Current.CancellationToken);

    public Task<EvictResult> EvictAsync(EvictOptions options) =>
        Cache.EvictAsync(options, TestContext.Current.CancellationToken);

    /// <summary>Evicts as little as can be.</summary>
    public Task<EvictResult> EvictOneAsync() => EvictAsync(new EvictOptions { ToBytes = HeldBytes - 1 });

    /// <summary>The order in which all models go.</summary>
    public async Task<IReadOnlyList<string>> EvictAllAsync()
    {
        var order = new List<string>();
        while (Models.Count > 0)
            order.AddRange(NamesOf((await EvictOneAsync()).Removed));
        return order;
    }

    /// <summary>Closes the cache and opens the store again.</summary>
    public void Restart()
    {
        Cache.Dispose();
        Cache = Open();
    }

    public async Task<RoomState> LookAtRoomAsync()
    {
        using var store = LocalStore.Open(Root, MaterializeMode.Auto, _time, NullLogger.Instance);
        return await store.LookAtRoomAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        Cache.Dispose();
        _directory.Dispose();
    }

    private ModelCache Open() => new(_options, [Origin], _time);
}
