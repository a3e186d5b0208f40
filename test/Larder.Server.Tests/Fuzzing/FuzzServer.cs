using Larder.Graphs;
using Larder.Server.Access;
using Larder.Server.Configuration;
using Larder.Server.Dashboard.Pages;
using Larder.Server.Tests.Access;
using Larder.Server.Tests.Inference;
using Larder.TestKit;
using Larder.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>A server with one model of each kind, and what it is made to say in its log.</summary>
internal sealed class FuzzServer : IAsyncDisposable
{
    public const string Prices = "prices";
    public const string Sentiment = "sentiment";
    public const string Example = "mymodel";

    /// <summary>Served by a worker that answers with what it was sent.</summary>
    public const string Echo = "echo";

    /// <summary>One whose origin is not there.</summary>
    public const string Gone = "gone";

    private readonly WebApplication _app;
    private readonly TempDirectory _directory;

    private FuzzServer(WebApplication app, TempDirectory directory, TestTokens? tokens, FuzzLog log)
    {
        (_app, _directory, Tokens, Log) = (app, directory, tokens, log);
        Address = new Uri(app.Urls.First());
        Routes = [.. Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];
    }

    public Uri Address { get; }

    /// <summary>Its tokens; null for one that answers everybody on this machine.</summary>
    public TestTokens? Tokens { get; }

    public FuzzLog Log { get; }

    /// <summary>Every route that it has, whoever added it.</summary>
    public IReadOnlyList<RouteEndpoint> Routes { get; }

    /// <summary>What no answer that refuses something may have in it.</summary>
    public string[] Paths => [_directory.Path, Repository.Root];

    /// <summary>The models, by their ids.</summary>
    public static IReadOnlyList<string> Ids { get; } = [Prices, Sentiment, Example, Echo, Gone];

    public static async Task<FuzzServer> StartAsync(bool hasTokens)
    {
        var directory = new TempDirectory();
        var tokens = hasTokens ? new TestTokens() : null;
        ProtocolModel.Write(directory[Example]);
        WriteEcho(Directory.CreateDirectory(directory[Echo]).FullName);
        ServedModel[] models =
        [
            RunningServer.Model(Prices, RunningServer.Sample("house-prices/v1")),
            RunningServer.Model(Sentiment, RunningServer.Sample("sentiment"), TimeSpan.Zero),
            RunningServer.Model(Example, directory[Example]),
            RunningServer.Model(Echo, directory[Echo]) with
            {
                Runtime = "process",
                Worker = new WorkerProgram(["python3", "{snapshot}/serve.py"]),
            },
            RunningServer.Model(Gone, directory[Gone]),
        ];
        var log = new FuzzLog();
        var app = LarderServer.Build(
            new LarderConfiguration
            {
                Source = "the test",
                Store = new ModelCacheOptions { StorePath = directory["store"], Retries = 0 },
                Graphs = new GraphCacheOptions(),
                Models = models.ToDictionary(model => model.Id, StringComparer.Ordinal),
                Warnings = [],
                Server = new ServerOptions { Tokens = tokens?.All ?? [], AuditFile = directory["audit.jsonl"] },
            },
            "http://127.0.0.1:0",
            logging => logging.ClearProviders().AddProvider(log)
        );
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new FuzzServer(app, directory, tokens, log);
    }

    /// <summary>The field that makes a form one of the dashboard's own.</summary>
    public string FormToken =>
        Get<FormTokens>()
            .Create(Tokens is null ? Caller.Local : Caller.Of(Get<AccessTokens>().Find(Tokens.Ops)!, CallerKind.Token));

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Dispose();
    }

    private static void WriteEcho(string directory)
    {
        File.Copy(
            Path.Combine(Repository.Root, "samples", "workers", "larder_worker.py"),
            Path.Combine(directory, "larder_worker.py")
        );
        File.WriteAllText(
            Path.Combine(directory, "serve.py"),
            "from larder_worker import serve\nserve(lambda inputs: {'given': len(inputs)})\n"
        );
    }
}
