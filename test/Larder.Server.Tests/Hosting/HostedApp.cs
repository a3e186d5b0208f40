using System.Net;
using Larder.Server.Access;
using Larder.Server.Hosting;
using Larder.Server.Tests.Access;
using Larder.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests.Hosting;

/// <summary>An application with a route of its own and Larder's below a path, as its writer would make it.</summary>
internal sealed class HostedApp : IAsyncDisposable
{
    private readonly TempDirectory _directory;

    private HostedApp(WebApplication app, TempDirectory directory, RecordedLog log)
    {
        (App, _directory, Log) = (app, directory, log);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        };
        Http = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public WebApplication App { get; }

    public HttpClient Http { get; }

    public RecordedLog Log { get; }

    /// <summary>Starts one.</summary>
    /// <param name="settings">Settings of the section <c>Larder</c>, below it; the store is the test's own.</param>
    /// <param name="tokens">Who may ask; null for no tokens.</param>
    /// <param name="path">Where Larder is.</param>
    /// <param name="add">Adds services before Larder's.</param>
    /// <param name="use">Adds middleware before the routes.</param>
    public static async Task<HostedApp> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null,
        TestTokens? tokens = null,
        string path = "/larder",
        Action<IServiceCollection>? add = null,
        Action<WebApplication>? use = null
    )
    {
        var directory = new TempDirectory();
        var log = new RecordedLog();
        // In Development the container looks at all services when it is built.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Configuration.AddInMemoryCollection(
            Section(settings ?? new Dictionary<string, string>(StringComparer.Ordinal), tokens, directory["store"])
        );
        add?.Invoke(builder.Services);
        builder.AddLarder();
        var app = builder.Build();
        use?.Invoke(app);
        app.MapGet("/own", () => "mine");
        app.MapHealthChecks("/health");
        app.MapLarder(path);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new HostedApp(app, directory, log);
    }

    public T Service<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? token = null,
        Action<HttpRequestMessage>? change = null
    ) => Http.CallAsync(method, path, token, change);

    public Task<Answer> AskAsync(
        HttpMethod method,
        string path,
        string? token = null,
        Action<HttpRequestMessage>? change = null
    ) => Http.AskAsync(method, path, token, change);

    /// <summary>What the application's own route answers.</summary>
    public async Task<(HttpStatusCode, string)> AskOwnAsync(Action<HttpRequestMessage>? change = null)
    {
        using var response = await SendAsync(HttpMethod.Get, "/own", change: change);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
        _directory.Dispose();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Section(
        IReadOnlyDictionary<string, string> settings,
        TestTokens? tokens,
        string store
    )
    {
        yield return new("Larder:store:path", store);
        foreach (var (name, value) in settings)
            yield return new($"Larder:{name}", value);
        foreach (var (index, token) in (tokens?.All ?? []).Index())
        {
            yield return new($"Larder:server:tokens:{index}:name", token.Name);
            yield return new($"Larder:server:tokens:{index}:sha256", token.Sha256);
            foreach (var (place, scope) in token.Scopes.Index())
                yield return new($"Larder:server:tokens:{index}:scopes:{place}", ScopeNames.Of(scope));
        }
    }
}
