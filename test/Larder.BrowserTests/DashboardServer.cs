using System.Text;
using Larder.Graphs;
using Larder.Origins;
using Larder.Server;
using Larder.Server.Access;
using Larder.Server.Configuration;
using Larder.Server.Dashboard.Traffic;
using Larder.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.BrowserTests;

/// <summary>A server on a free port, with a store of its own and a directory for models.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TempDirectory _directory;

    private DashboardServer(WebApplication app, TempDirectory directory)
    {
        (_app, _directory) = (app, directory);
        Http = new HttpClient { BaseAddress = new Uri(Url) };
    }

    public string Url => _app.Urls.First();

    public HttpClient Http { get; }

    public ModelCache Files => _app.Services.GetRequiredService<ModelCache>();

    public GraphCache Graphs => _app.Services.GetRequiredService<GraphCache>();

    public TrafficHistory History => _app.Services.GetRequiredService<TrafficHistory>();

    /// <summary>Starts one.</summary>
    /// <param name="directory">Where its store lies, and models may; removed with the server.</param>
    /// <param name="models">What it answers for.</param>
    /// <param name="tokens">Who may look; none for everybody on this machine.</param>
    /// <param name="capacityBytes">What the store may hold.</param>
    public static async Task<DashboardServer> StartAsync(
        TempDirectory directory,
        IEnumerable<ServedModel> models,
        IReadOnlyList<AccessToken>? tokens = null,
        long? capacityBytes = null
    )
    {
        var configuration = new LarderConfiguration
        {
            Source = "the test",
            Store = new ModelCacheOptions { StorePath = directory["store"], CapacityBytes = capacityBytes },
            Graphs = new GraphCacheOptions { MaxGraphs = 8, MaxBytes = 16_000_000 },
            Models = models.ToDictionary(model => model.Id, StringComparer.Ordinal),
            Warnings = [],
            Server = new ServerOptions { Tokens = tokens ?? [] },
        };
        var app = LarderServer.Build(configuration, "http://127.0.0.1:0", logging => logging.ClearProviders());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new DashboardServer(app, directory);
    }

    /// <summary>A model that is served from a directory or an address.</summary>
    public static ServedModel Model(string id, string from) =>
        new() { Id = id, From = from.StartsWith('/') ? ModelReference.OfPath(from) : ModelReference.Parse(from) };

    /// <summary>The directory of a sample model.</summary>
    public static string Sample(string name) => Path.Combine(Repository.Root, "samples", "models", name);

    /// <summary>Asks a sample model for a prediction.</summary>
    public async Task PredictAsync(string id, string sample)
    {
        using var body = new StringContent(
            await File.ReadAllTextAsync(
                Path.Combine(Sample(sample), "example.json"),
                TestContext.Current.CancellationToken
            ),
            Encoding.UTF8,
            "application/json"
        );
        using var answer = await Http.PostAsync(
            $"/api/models/{id}/predict",
            body,
            TestContext.Current.CancellationToken
        );
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _directory.Dispose();
    }
}
