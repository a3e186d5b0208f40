using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HotPaths.Prediction;

namespace HotPaths.Entries;

/// <summary>The time from the start of <c>larder serve</c> until it says that it listens, and until it has answered the first request.</summary>
internal static class Ready
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task<(TimeSpan Listens, TimeSpan Answers)> MeasureAsync(string larder, string store)
    {
        var port = ServerProcess.FreePort();
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(
            new ProcessStartInfo(larder, ["serve", "--store", store, "--urls", url])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            // It says so itself: who asked again and again would keep one of two cores from it.
            var said = new List<string>();
            while (said.Count == 0 || !said[^1].Contains(url, StringComparison.Ordinal))
            {
                said.Add(
                    await process.StandardError.ReadLineAsync().WaitAsync(Limit)
                        ?? throw new InvalidOperationException($"'{larder} serve' ended: {string.Join('\n', said)}")
                );
            }
            var listens = Stopwatch.GetElapsedTime(start);
            await AskAsync(port);
            return (listens, Stopwatch.GetElapsedTime(start));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    // By a bare connection: an HTTP client would compile itself into the first time.
    private static async Task AskAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            "GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"u8.ToArray()
        );
        using var reader = new StreamReader(stream);
        var line = await reader.ReadLineAsync();
        if (line?.Contains(" 200 ", StringComparison.Ordinal) != true)
            throw new InvalidOperationException($"The server answers '{line}'.");
    }
}
