using Larder.Graphs;
using Larder.Server.Configuration;
using Larder.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests.Access;

/// <summary>A server on a free port with tokens for each scope, everything that it logs, and a caller that keeps no cookies.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    private readonly TempDirectory _directory;

    private GuardedServer(WebApplication app, TempDirectory directory, RecordedLog log, TestTokens tokens)
    {
        (App, _directory, Log, Tokens) = (app, directory, log, tokens);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };
        // Which certificate it is, the tests compare themselves.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
        {
            Presented = (
                certificate!.GetCertHashString(),
                [.. chain!.ChainPolicy.ExtraStore.Select(one => one.Thumbprint)]
            );
            return true;
        };
        Http = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public WebApplication App { get; }

    public RecordedLog Log { get; }

    public TestTokens Tokens { get; }

    public HttpClient Http { get; }

    /// <summary>The certificate of the newest connection, and those that came with it.</summary>
    public (string Thumbprint, IReadOnlyList<string> Others) Presented { get; private set; }

    public string AuditPath => _directory["audit.jsonl"];

    /// <summary>Starts one with tokens.</summary>
    /// <param name="options">Changes its options.</param>
    /// <param name="map">Adds routes.</param>
    /// <param name="from">Where the model <c>prices</c> comes from; the sample's directory when null.</param>
    public static Task<GuardedServer> StartAsync(
        Func<ServerOptions, ServerOptions>? options = null,
        Action<IEndpointRouteBuilder>? map = null,
        string? from = null
    ) => StartAsync(new TestTokens(), options, map, from);

    /// <summary>Starts one that answers this machine only.</summary>
    public static Task<GuardedServer> StartOpenAsync(
        Func<ServerOptions, ServerOptions>? options = null,
        Action<IEndpointRouteBuilder>? map = null
    ) => StartAsync(new TestTokens(), open => (options?.Invoke(open) ?? open) with { Tokens = [] }, map, null);

    private static async Task<GuardedServer> StartAsync(
        TestTokens tokens,
        Func<ServerOptions, ServerOptions>? options,
        Action<IEndpointRouteBuilder>? map,
        string? from
    )
    {
        var directory = new TempDirectory();
        var server = new ServerOptions
        {
            Urls = "http://127.0.0.1:0",
            Tokens = tokens.All,
            AuditFile = directory["audit.jsonl"],
        };
        var configuration = new LarderConfiguration
        {
            Source = "the test",
            Store = new ModelCacheOptions { StorePath = directory["store"] },
            Graphs = new GraphCacheOptions(),
            Models = new Dictionary<string, ServedModel>(StringComparer.Ordinal)
            {
                ["prices"] = RunningServer.Model("prices", from ?? RunningServer.Sample("house-prices/v1")),
            },
            Warnings = [],
            Server = options?.Invoke(server) ?? server,
        };
        var log = new RecordedLog();
        var app = LarderServer.Build(configuration, null, logging => logging.ClearProviders().AddProvider(log), map);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new GuardedServer(app, directory, log, tokens);
    }

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    /// <summary>Sends a request and returns the answer with its body read.</summary>
    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? token = null,
        Action<HttpRequestMessage>? change = null
    ) => Http.CallAsync(method, path, token, change);

    /// <summary>Sends a request and returns the one JSON document of the answer.</summary>
    public Task<Answer> AskAsync(
        HttpMethod method,
        string path,
        string? token = null,
        Action<HttpRequestMessage>? change = null
    ) => Http.AskAsync(method, path, token, change);

    /// <summary>Signs in as a browser does and returns the cookie.</summary>
    public async Task<string> SignInAsync(string token)
    {
        using var response = await SendAsync(
            HttpMethod.Post,
            "/login",
            change: request => request.Content = new FormUrlEncodedContent([new("token", token)])
        );
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        return cookie[..cookie.IndexOf(';', StringComparison.Ordinal)];
    }

    /// <summary>The origin of the server's own pages.</summary>
    public string Origin => Http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
        _directory.Dispose();
    }
}
