using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests;

/// <summary>A store in a directory of its own, an origin in memory and a cache between the two.</summary>
internal sealed class TestStore : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<ModelCache> _caches = [];

    public TestStore(MaterializeMode mode = MaterializeMode.Auto, TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        Layout = new StoreLayout(_directory["store"]);
        Cache = Open(mode);
    }

    public TimeProvider Time { get; }

    public StoreLayout Layout { get; }

    public string Root => Layout.Root;

    public FakeOrigin Origin { get; } = new();

    public RecordingLoggerFactory Log { get; } = new();

    public ModelCache Cache { get; }

    public ModelReference Reference { get; } = FakeOrigin.Reference();

    /// <summary>A path beside the store.</summary>
    public string this[string name] => _directory[name];

    /// <summary>Another cache on the same store, as another process would have it.</summary>
    public ModelCache Open(MaterializeMode mode = MaterializeMode.Auto, TimeSpan? idleTimeout = null)
    {
        // What fails fails at once: on a clock that a test moves by hand nobody would wait to the end.
        var options = new ModelCacheOptions
        {
            StorePath = Root,
            Materialize = mode,
            Retries = 0,
        };
        if (idleTimeout is { } timeout)
            options.IdleTimeout = timeout;
        var cache = new ModelCache(options, [Origin], Time, Log);
        _caches.Add(cache);
        return cache;
    }

    /// <summary>The same store from below.</summary>
    public LocalStore OpenStore() => LocalStore.Open(Root, MaterializeMode.Auto, Time, Log);

    /// <summary>Pulls <see cref="Reference"/> from <see cref="Origin"/>.</summary>
    public Task<Snapshot> PullAsync(PullOptions? options = null) =>
        Cache.PullAsync(Reference, options, TestContext.Current.CancellationToken);

    /// <summary>Pulls and gives the lease back at once.</summary>
    public async Task<Snapshot> PullAndReleaseAsync(PullOptions? options = null)
    {
        var snapshot = await PullAsync(options);
        snapshot.Dispose();
        return snapshot;
    }

    /// <summary>Every file in a part of the store.</summary>
    public static IReadOnlyList<string> Files(string directory) =>
        [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        _caches.ForEach(cache => cache.Dispose());
        _directory.Dispose();
    }
}
