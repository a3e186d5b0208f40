using System.Net.Http.Headers;
using System.Text.Json;
using Larder.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Cli.Demo;

/// <summary>The server that <c>larder serve</c> runs, on the workspace's files, and a caller of it.</summary>
/// <remarks>In this process: so it is surely this one that answers, and no setting of the environment changes what it shows.</remarks>
internal sealed class DemoServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private readonly DemoWorkspace _workspace;

    private DemoServer(WebApplication app, DemoWorkspace workspace)
    {
        _app = app;
        _workspace = workspace;
        Url = app.Urls.First();
        _http = new HttpClient { BaseAddress = new Uri(Url) };
    }

    /// <summary>Where it answers.</summary>
    public string Url { get; }

    public static async Task<DemoServer> StartAsync(
        DemoWorkspace workspace,
        string url,
        bool verbose,
        CancellationToken cancellationToken
    )
    {
        var app = LarderServer.Build(
            workspace.Configuration,
            url,
            logging => logging.SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Warning)
        );
        try
        {
            await app.ListenAsync(url, cancellationToken);
            return new DemoServer(app, workspace);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async Task<DemoAnswer> PredictAsync(CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(_workspace.ExampleFile, cancellationToken));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.PostAsync(
            $"/api/models/{DemoWorkspace.ModelId}/predict",
            body,
            cancellationToken
        );
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new DemoException($"The server answered {(int)response.StatusCode}: {text}");
        using var document = JsonDocument.Parse(text);
        return DemoAnswer.Read(document.RootElement);
    }

    /// <summary>Serves until it is told to stop.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
