using System.Text.Json;
using Larder.Content;
using Larder.Graphs;
using Larder.Pull;
using Larder.Server.Configuration;
using Larder.Server.Models;
using Larder.Server.Reloading;
using Larder.Server.Runtimes;
using Larder.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests.Models;

/// <summary>What a server has but for its routes: one model, with an origin, a clock and a runtime that do what the test says.</summary>
internal sealed class ModelWorld : IAsyncDisposable
{
    public const string Id = "model";

    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    private readonly TempDirectory _directory = new();
    private readonly ServiceProvider _services;
    private readonly LarderConfiguration _configuration;

    public ModelWorld(Func<ServedModel, ServedModel>? change = null, GraphCacheOptions? graphs = null)
    {
        var model = new ServedModel
        {
            Id = Id,
            From = FakeOrigin.Reference(),
            Runtime = GatedRuntime.RuntimeName,
            Pull = new PullOptions { FreshFor = FreshFor },
        };
        _configuration = new LarderConfiguration
        {
            Source = "the test",
            Store = new ModelCacheOptions { StorePath = _directory["store"], Retries = 0 },
            Graphs = graphs ?? new GraphCacheOptions(),
            Models = new Dictionary<string, ServedModel>(StringComparer.Ordinal)
            {
                [Id] = change?.Invoke(model) ?? model,
            },
            Origins = [Origin],
            Values = ValuesOf(model.From.Text),
            Warnings = [],
        };
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(Logs);
        services.AddLogging();
        services.AddLarder(_configuration);
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<GatedRuntime>();
        services.AddSingleton<IModelRuntime>(provider => provider.GetRequiredService<GatedRuntime>());
        _services = services.BuildServiceProvider();
        Origin.Put("model.bin", "one"u8.ToArray());
    }

    public FakeOrigin Origin { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public RecordingLoggerFactory Logs { get; } = new();

    public GatedRuntime Runtime => _services.GetRequiredService<GatedRuntime>();

    public ModelCatalog Catalog => _services.GetRequiredService<ModelCatalog>();

    public ModelStanding Standing => Catalog.Find(Id)!;

    public ModelState State => _services.GetRequiredService<ModelStates>().Find(Id)!;

    public GraphCache Graphs => _services.GetRequiredService<GraphCache>();

    /// <summary>Where the store keeps what it knows of models.</summary>
    public string EntriesPath => Path.Combine(_directory["store"], "entries");

    public ModelCache Files => _services.GetRequiredService<ModelCache>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public T Service<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>The version of a model whose one file has this text.</summary>
    public static Digest VersionOf(string text) =>
        Manifest
            .Create([new ManifestFile("model.bin", text.Length, Digest.Of(System.Text.Encoding.UTF8.GetBytes(text)))])
            .Digest;

    /// <summary>Puts another version at the origin.</summary>
    public Digest Publish(string text)
    {
        Origin.Put("model.bin", System.Text.Encoding.UTF8.GetBytes(text));
        return VersionOf(text);
    }

    public async Task<GatedAnswer> PredictAsync() =>
        (GatedAnswer)
            await _services
                .GetRequiredService<ModelRuntimes>()
                .PredictAsync(Standing.Settings, default(JsonElement), Stop);

    /// <summary>Asks the origin, as an administrator does.</summary>
    public Task<Renewal> RefreshAsync() =>
        _services.GetRequiredService<ModelRenewals>().RenewAsync(Standing, always: true, Stop);

    /// <summary>Asks the origin, as the server does by itself.</summary>
    public Task<Renewal> RenewAsync() =>
        _services.GetRequiredService<ModelRenewals>().RenewAsync(Standing, always: false, Stop);

    /// <summary>Lets the server ask by itself, until the end of the test.</summary>
    public async Task<Revalidation> RevalidateAsync()
    {
        var revalidation = ActivatorUtilities.CreateInstance<Revalidation>(_services);
        await revalidation.StartAsync(Stop);
        return revalidation;
    }

    /// <summary>Changes the settings of the model, as its configuration does.</summary>
    public void Reload(Func<ServedModel, ServedModel> change)
    {
        var model = change(Standing.Settings);
        Reload(new Dictionary<string, ServedModel>(StringComparer.Ordinal) { [Id] = model }, model.From.Text);
    }

    /// <summary>Takes the model out of the configuration.</summary>
    public void Remove() => Reload(new Dictionary<string, ServedModel>(StringComparer.Ordinal), from: "");

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _directory.Dispose();
    }

    private void Reload(Dictionary<string, ServedModel> models, string from) =>
        _services
            .GetServices<IReloadable>()
            .OfType<ServedModels>()
            .Single()
            .Reload(_configuration with { Models = models, Values = ValuesOf(from) });

    private static Dictionary<string, string> ValuesOf(string from) =>
        new(StringComparer.OrdinalIgnoreCase) { [$"models:{Id}:from"] = from };
}
