using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace HotPaths.Prediction;

/// <summary>A server in a process of its own on 127.0.0.1, and the connections to it. It ends with this object.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly byte[] _body;
    private readonly Uri _predict;

    private ServerProcess(Process process, HttpClient http, Uri predict, byte[] body)
    {
        _process = process;
        _http = http;
        _predict = predict;
        _body = body;
    }

    /// <summary>Where predictions are asked for.</summary>
    public Uri Address => _predict;

    /// <summary>What it has taken of the processors since it started.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a server and waits for its first answer.</summary>
    /// <param name="program">The program to run.</param>
    /// <param name="arguments">Its arguments, which end with the URL to listen on; that one is added here.</param>
    /// <param name="path">The path of predictions.</param>
    /// <param name="body">The request that is sent each time.</param>
    /// <param name="token">The token that opens it; null for one that needs none.</param>
    public static async Task<ServerProcess> StartAsync(
        string program,
        string[] arguments,
        string path,
        byte[] body,
        string? token = null
    )
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        // Standard error stays that of this program: a server that cannot start says why.
        var process = Process.Start(new ProcessStartInfo(program, [.. arguments, url]))!;
        var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan });
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var server = new ServerProcess(process, http, new Uri(url + path), body);
        try
        {
            await server.WaitAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for one prediction and reads the whole answer.</summary>
    public async Task<byte[]> PredictAsync()
    {
        using var content = new ByteArrayContent(_body);
        content.Headers.ContentType = new("application/json");
        using var response = await _http.PostAsync(_predict, content);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitAsync()
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await PredictAsync();
                return;
            }
            catch (HttpRequestException) when (!_process.HasExited && Stopwatch.GetElapsedTime(start) < StartLimit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    /// <summary>A port that nobody listens on at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
