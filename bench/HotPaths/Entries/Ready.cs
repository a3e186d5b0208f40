using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HotPaths.Prediction;

namespace HotPaths.Entries;

/// <summary>The time from the start of <c>larder serve</c> until it takes connections, and until it has answered the first.</summary>
internal static class Ready
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<(TimeSpan Listens, TimeSpan Answers)> MeasureAsync(string larder, string store)
    {
        var port = ServerProcess.FreePort();
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo(larder, ["serve", "--store", store, "--quiet", "--urls", url])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            TimeSpan listens = default;
            while (!await AnswersAsync(port, () => listens = Stopwatch.GetElapsedTime(start)))
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(start) > Limit)
                {
                    process.Kill();
                    throw new InvalidOperationException(
                        $"'{larder} serve' does not answer: {await process.StandardError.ReadToEndAsync()}"
                    );
                }
                await Task.Delay(TimeSpan.FromMilliseconds(1));
            }
            return (listens, Stopwatch.GetElapsedTime(start));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    // By a bare connection: an HTTP client would compile itself into the first time.
    private static async Task<bool> AnswersAsync(int port, Action onConnected)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            onConnected();
            await using var stream = client.GetStream();
            await stream.WriteAsync(
                "GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"u8.ToArray()
            );
            using var reader = new StreamReader(stream);
            return await reader.ReadLineAsync() is { } line && line.Contains(" 200 ", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
