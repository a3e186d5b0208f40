using System.Net;
using System.Net.Sockets;
using System.Text;
using Larder.Graphs;
using Larder.Onnx.Serving;
using Larder.Origins;
using Larder.Pull;
using Larder.Server.Configuration;
using Larder.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests;

/// <summary>A server on a free port with a store of its own, and a caller of it.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LarderConfiguration _configuration;

    private RunningServer(WebApplication app, LarderConfiguration configuration)
    {
        _app = app;
        _configuration = configuration;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Http { get; }

    public OnnxModels Models => _app.Services.GetRequiredService<OnnxModels>();

    public GraphCache Graphs => _app.Services.GetRequiredService<GraphCache>();

    public ModelCache Files => _app.Services.GetRequiredService<ModelCache>();

    public static Task<RunningServer> StartAsync(string store, params ServedModel[] models) =>
        StartAsync(
            new LarderConfiguration
            {
                Source = "the test",
                Store = new ModelCacheOptions { StorePath = store },
                Graphs = new GraphCacheOptions(),
                Models = models.ToDictionary(model => model.Id, StringComparer.Ordinal),
                Warnings = [],
            }
        );

    /// <summary>Starts a server as a configuration says; what it logs goes to <paramref name="log"/>.</summary>
    public static async Task<RunningServer> StartAsync(LarderConfiguration configuration, ILoggerProvider? log = null)
    {
        var app = LarderServer.Build(
            configuration,
            "http://127.0.0.1:0",
            logging =>
            {
                logging.ClearProviders();
                if (log is not null)
                    logging.AddProvider(log);
            }
        );
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningServer(app, configuration);
    }

    /// <summary>A model that is served from a reference or a directory.</summary>
    public static ServedModel Model(string id, string from, TimeSpan? freshFor = null, bool warm = false) =>
        new()
        {
            Id = id,
            From = from.StartsWith('/') ? ModelReference.OfPath(from) : ModelReference.Parse(from),
            Pull = new PullOptions { FreshFor = freshFor ?? TimeSpan.FromMinutes(5) },
            Warm = warm,
        };

    /// <summary>The directory of a sample model.</summary>
    public static string Sample(string name) => Path.Combine(Repository.Root, "samples", "models", name);

    /// <summary>The body of a prediction that the sample answers.</summary>
    public static string Example(string name) => File.ReadAllText(Path.Combine(Sample(name), "example.json"));

    /// <summary>An address where nobody listens.</summary>
    public static string ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return $"http://{socket.LocalEndPoint}/model.onnx";
    }

    /// <summary>What the server asks the caches for a model.</summary>
    public Task<OnnxModelLease> RentAsync(string id) =>
        Models.RentAsync(ModelCatalog.RequestFor(_configuration.Models[id]), TestContext.Current.CancellationToken);

    /// <summary>Waits until every model that is to be warm was tried.</summary>
    public Task WarmedAsync() =>
        _app.Services.GetRequiredService<WarmUp>().ExecuteTask!.WaitAsync(TestContext.Current.CancellationToken);

    public Task<Answer> PredictAsync(string id, string body) =>
        SendAsync(HttpMethod.Post, $"/api/models/{id}/predict", body);

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public Task<Answer> PostAsync(string path) => SendAsync(HttpMethod.Post, path);

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string? host = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Host = host;
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
