using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HotPaths.Prediction;

namespace HotPaths.Many;

/// <summary>A <c>larder serve</c> whose log is counted; it ends with this object.</summary>
internal sealed class LoggedServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new();
    private readonly Task _log;
    private int _explained;

    private LoggedServer(Process process, string url)
    {
        _process = process;
        _http.BaseAddress = new Uri(url);
        _log = Task.Run(ReadAsync);
    }

    /// <summary>Evictions that the log has explained so far: what went, and for whom.</summary>
    public int Explained => Volatile.Read(ref _explained);

    /// <summary>Starts it, and waits until it says that it is ready.</summary>
    public static async Task<(LoggedServer Server, TimeSpan Ready)> StartAsync(string larder, string configuration)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ServerProcess.FreePort()}");
        var start = Stopwatch.GetTimestamp();
        var process = Process.Start(
            new ProcessStartInfo(larder, ["serve", "--config", configuration, "--urls", url])
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        var server = new LoggedServer(process, url);
        while (!await server.IsReadyAsync())
        {
            if (process.HasExited)
                throw new InvalidOperationException("The server has ended before it was ready.");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
        return (server, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Asks for a prediction; tells whether the model was loaded, or null where it was refused.</summary>
    public async Task<bool?> PredictAsync(string id, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var response = await _http.PostAsync(new Uri($"/api/models/{id}/predict", UriKind.Relative), content);
        if (!response.IsSuccessStatusCode)
            return null;
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return answer.RootElement.GetProperty("cache").GetProperty("graph").GetString() == "hit";
    }

    /// <summary>What the server counts of its graphs.</summary>
    public async Task<JsonElement> GraphsAsync()
    {
        using var stats = JsonDocument.Parse(
            await _http.GetByteArrayAsync(new Uri("/api/models/cache/stats", UriKind.Relative))
        );
        return stats.RootElement.GetProperty("cache_stats").GetProperty("graphs").Clone();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        await _log;
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.Contains("its room was needed for m", StringComparison.Ordinal))
                Interlocked.Increment(ref _explained);
        }
    }
}
