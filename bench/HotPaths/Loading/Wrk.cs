using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HotPaths.Loading;

/// <summary>Debian's <c>wrk</c>: many connections that ask as fast as they are answered, from a program that takes little time itself.</summary>
internal static partial class Wrk
{
    private const int Threads = 2;

    /// <summary>What a run saw.</summary>
    /// <param name="Requests">How many were answered.</param>
    /// <param name="Rate">Requests per second.</param>
    /// <param name="P50">The median, in milliseconds.</param>
    /// <param name="P99">The 99th percentile, in milliseconds.</param>
    /// <param name="Failed">Answers that were none or no success.</param>
    internal sealed record Run(int Requests, double Rate, double P50, double P99, int Failed);

    /// <summary>Asks a server for so many seconds.</summary>
    public static async Task<Run> RunAsync(string script, Uri server, int connections, int seconds)
    {
        string[] arguments =
        [
            $"-t{Threads}",
            Invariant($"-c{connections}"),
            Invariant($"-d{seconds}s"),
            "--latency",
            "-s",
            script,
            server.AbsoluteUri,
        ];
        using var process = Process.Start(
            new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var rate = Rate().Match(output);
        if (process.ExitCode != 0 || !rate.Success)
            throw new InvalidOperationException($"wrk ended with {process.ExitCode} and said: {output}");
        return new Run(
            int.Parse(Total().Match(output).Groups[1].Value, CultureInfo.InvariantCulture),
            Number(rate.Groups[1].Value),
            Milliseconds(Median().Match(output)),
            Milliseconds(NinetyNinth().Match(output)),
            Failures(output)
        );
    }

    /// <summary>The script that has it send a body, with a token where there is one.</summary>
    public static string Script(byte[] body, string? token)
    {
        var script = new StringBuilder(
            $"""
            wrk.method = "POST"
            wrk.headers["Content-Type"] = "application/json"
            wrk.body = [==[{Encoding.UTF8.GetString(body)}]==]

            """
        );
        if (token is not null)
            script.AppendLine(CultureInfo.InvariantCulture, $"wrk.headers[\"Authorization\"] = \"Bearer {token}\"");
        return script.ToString();
    }

    private static int Failures(string output)
    {
        var failed = 0;
        if (OtherAnswers().Match(output) is { Success: true } others)
            failed += int.Parse(others.Groups[1].Value, CultureInfo.InvariantCulture);
        if (SocketErrors().Match(output) is { Success: true } sockets)
            failed += Enumerable
                .Range(1, 4)
                .Sum(group => int.Parse(sockets.Groups[group].Value, CultureInfo.InvariantCulture));
        return failed;
    }

    private static double Milliseconds(Match match) =>
        Number(match.Groups[1].Value)
        * match.Groups[2].Value switch
        {
            "us" => 0.001,
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            var unit => throw new InvalidDataException($"'{unit}' is no unit of wrk."),
        };

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"(\d+) requests in")]
    private static partial Regex Total();

    [GeneratedRegex(@"50%\s+([\d.]+)(us|ms|s|m)\b")]
    private static partial Regex Median();

    [GeneratedRegex(@"99%\s+([\d.]+)(us|ms|s|m)\b")]
    private static partial Regex NinetyNinth();

    [GeneratedRegex(@"Non-2xx or 3xx responses: (\d+)")]
    private static partial Regex OtherAnswers();

    [GeneratedRegex(@"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)")]
    private static partial Regex SocketErrors();
}
