using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Larder.Cli.Output;

namespace Larder.Cli.Demo;

/// <summary>A <c>larder serve</c> in a process of its own.</summary>
internal sealed partial class DemoServer : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly DemoWorkspace _workspace;

    private DemoServer(Process process, string url, DemoWorkspace workspace)
    {
        _process = process;
        _workspace = workspace;
        _http = new HttpClient { BaseAddress = new Uri(url) };
    }

    public static async Task<DemoServer> StartAsync(
        DemoWorkspace workspace,
        string url,
        bool verbose,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "serve", "--config", workspace.ConfigurationFile, "--urls", url },
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var last = "";
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not { Length: > 0 } text)
                return;
            last = text;
            if (verbose)
                Terminal.Message(text);
        };
        process.BeginErrorReadLine();

        var server = new DemoServer(process, url, workspace);
        try
        {
            if (!await server.IsReadyAsync(cancellationToken))
            {
                await process.WaitForExitAsync(cancellationToken);
                throw new DemoException($"The server did not start. It said: {last}");
            }
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task<DemoAnswer> PredictAsync(CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(_workspace.ExampleFile, cancellationToken));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.PostAsync($"/api/models/{DemoWorkspace.ModelId}/predict", body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new DemoException($"The server answered {(int)response.StatusCode}: {text}");
        using var document = JsonDocument.Parse(text);
        return DemoAnswer.Read(document.RootElement);
    }

    /// <summary>Waits until the server stops by itself, or the wait is cancelled.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            // Asked first, so that it ends its requests and leaves the store tidy; then made to.
            _ = kill(_process.Id, SigTerm);
            using var timeout = new CancellationTokenSource(StopTimeout);
            try
            {
                await _process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        while (!_process.HasExited)
        {
            try
            {
                using var response = await _http.GetAsync("/health/ready", cancellationToken);
                // Somebody else's server at this address would not know the route, and ours would have ended by then.
                if (response.StatusCode == HttpStatusCode.OK && !_process.HasExited)
                    return true;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(50, cancellationToken);
        }
        return false;
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
