using System.Globalization;
using System.Text;
using Larder.Content;
using Larder.Graphs.Models;
using Larder.Pull;
using Larder.TestKit;

namespace Larder.Graphs.Tests.Models;

public sealed class ModelGraphsTests : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly FakeOrigin _origin = new();
    private readonly FileLoader _loader = new();
    private readonly ModelCache _files;
    private readonly GraphCache _graphs;
    private readonly ModelGraphs<FileLoader.Loaded, string, string> _models;

    public ModelGraphsTests()
    {
        _files = new ModelCache(new ModelCacheOptions { StorePath = _directory["store"] }, [_origin], _time);
        _graphs = new GraphCache(new GraphCacheOptions { MaxGraphs = 2 }, _time);
        _models = new ModelGraphs<FileLoader.Loaded, string, string>(_loader, _files, _graphs, _time);
        Put(version: 1);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _graphs.DisposeAsync();
        _files.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task RentAsync_ManyVersions_RemembersOnlyWhatMayBeLoaded()
    {
        await UseAsync(Request("other"));
        var least = 0;
        for (var version = 1; version <= 50; version++)
        {
            Put(version);
            Assert.Equal(Text(version), await UseAsync(Request()));
            if (version == 3)
                least = _models.Remembered;
        }

        Assert.Equal(least, _models.Remembered);
        Assert.Equal(Text(50), _models.TryDescribe(Request()));
    }

    [Fact]
    public async Task RentAsync_TwoSettings_AreTwoGraphsOfOneVersion()
    {
        await UseAsync(Request(settings: "a"));
        await UseAsync(Request(settings: "b"));

        Assert.Equal(2, _graphs.GetStatistics().Loads);
        Assert.NotEqual(_models.TryFindGraph(Request(settings: "a")), _models.TryFindGraph(Request(settings: "b")));
        Assert.Equal(2, _graphs.ListGraphs().Count);
    }

    [Fact]
    public async Task UnloadAsync_VersionsThatWereLoadedTogether_LeavesNone()
    {
        var old = await _models.RentAsync(Request(), Token);
        Put(version: 2);
        await UseAsync(Request());
        Assert.Equal(2, _graphs.ListGraphs().Count);

        Assert.False(await _models.UnloadAsync(FakeOrigin.Reference(), Token));
        Assert.Equal(old.Graph.Key, Assert.Single(_graphs.ListGraphs()).Key);
        old.Graph.Dispose();

        Assert.True(await _models.UnloadAsync(FakeOrigin.Reference(), Token));
        Assert.Empty(_graphs.ListGraphs());
        Assert.Equal(0, _models.Remembered);
        Assert.DoesNotContain(_files.List(), model => model.Leased);
    }

    [Fact]
    public async Task RentAsync_LoadFails_HoldsNoFiles()
    {
        _loader.Failure = new ManifestException(["It does not load."]);

        await Assert.ThrowsAsync<ManifestException>(() => UseAsync(Request()));

        Assert.DoesNotContain(_files.List(), model => model.Leased);
        Assert.Null(_models.TryDescribe(Request()));
    }

    private static ModelRequest<string> Request(string name = "model", string settings = "") =>
        new(FakeOrigin.Reference(name), settings)
        {
            Pull = new PullOptions { FreshFor = TimeSpan.Zero },
            Name = null,
            HitOutcome = PullOutcome.Hit,
        };

    private static string Text(int version) => string.Create(CultureInfo.InvariantCulture, $"version {version}");

    private void Put(int version) => _origin.Put("model", Encoding.UTF8.GetBytes(Text(version)));

    private async Task<string?> UseAsync(ModelRequest<string> request)
    {
        var lease = await _models.RentAsync(request, Token);
        lease.Graph.Dispose();
        return _models.TryDescribe(request);
    }
}
