using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace HotPaths.Loading;

/// <summary>Debian's <c>wrk</c>: many connections that ask as fast as they are answered, from a program that takes little time itself.</summary>
internal static class Wrk
{
    private const int Threads = 2;
    private const string Mark = "measured";

    // Told by the script itself: the text for people rounds, and counts in units that change.
    private const string Summary = $"""
        done = function(summary, latency)
          local errors = summary.errors
          io.write(string.format("{Mark} %d %d %d %d %d\n", summary.requests, summary.duration,
            latency:percentile(50), latency:percentile(99),
            errors.connect + errors.read + errors.write + errors.timeout + errors.status))
        end
        """;

    /// <summary>What a run saw.</summary>
    /// <param name="Requests">How many were answered.</param>
    /// <param name="Rate">Requests per second.</param>
    /// <param name="P50">The median, in milliseconds.</param>
    /// <param name="P99">The 99th percentile, in milliseconds.</param>
    /// <param name="Failed">Answers that were none or no success.</param>
    internal sealed record Run(long Requests, double Rate, double P50, double P99, long Failed);

    /// <summary>Asks a server for so many seconds.</summary>
    public static async Task<Run> RunAsync(string script, Uri server, int connections, int seconds)
    {
        string[] arguments =
        [
            string.Create(CultureInfo.InvariantCulture, $"-t{Threads}"),
            string.Create(CultureInfo.InvariantCulture, $"-c{connections}"),
            string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"),
            "-s",
            script,
            server.AbsoluteUri,
        ];
        using var process = Process.Start(
            new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var line = Array.Find(output.Split('\n'), text => text.StartsWith(Mark, StringComparison.Ordinal));
        if (process.ExitCode != 0 || line is null)
            throw new InvalidOperationException($"wrk ended with {process.ExitCode} and said: {output}");
        var numbers = line.Split(' ')[1..].Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToList();
        return new Run(numbers[0], numbers[0] * 1e6 / numbers[1], numbers[2] / 1e3, numbers[3] / 1e3, numbers[4]);
    }

    /// <summary>The script that has it send a body, with a token where there is one.</summary>
    public static string Script(byte[] body, string? token)
    {
        var script = new StringBuilder(
            $"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "application/json"
            wrk.body = [==[{Encoding.UTF8.GetString(body)}]==]
            {Summary}

            """
        );
        if (token is not null)
            script.AppendLine(CultureInfo.InvariantCulture, $"wrk.headers[\"Authorization\"] = \"Bearer {token}\"");
        return script.ToString();
    }
}
