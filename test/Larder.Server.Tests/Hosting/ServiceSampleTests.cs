using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Larder.TestKit;

namespace Larder.Server.Tests.Hosting;

/// <summary>The samples <c>samples/service</c> and <c>samples/worker-service</c>, started as programs.</summary>
[Trait("Category", "Integration")]
public sealed class ServiceSampleTests : IDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly TempDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Service_AskedForAnOpinion_PredictsThroughTheCache()
    {
        using var service = Start("PredictionService", "--urls", "http://127.0.0.1:0");
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(await AddressAsync(service)) };
            var first = await AskAsync(http, "a wonderful film");
            var second = await AskAsync(http, "a dull, tiresome film");
            var health = await http.GetStringAsync("/health", Stop);
            var models = await http.GetStringAsync("/larder/api/models", Stop);

            Assert.Equal(("positive", "negative", true), (first.Label, second.Label, second.FromCache));
            Assert.Equal("Healthy", health);
            Assert.Contains("\"state\":\"loaded\"", models, StringComparison.Ordinal);
        }
        finally
        {
            service.Kill();
        }
    }

    [Fact]
    public async Task Worker_GivenLines_LabelsEachAndEnds()
    {
        using var worker = Start("ReviewWorker");
        var output = worker.StandardOutput.ReadToEndAsync(Stop);
        await worker.StandardInput.WriteLineAsync("a wonderful film".AsMemory(), Stop);
        await worker.StandardInput.WriteLineAsync("a dull, tiresome film".AsMemory(), Stop);
        worker.StandardInput.Close();

        await worker.WaitForExitAsync(Stop);

        Assert.Equal(0, worker.ExitCode);
        Assert.Contains("positive: a wonderful film\n", await output, StringComparison.Ordinal);
        Assert.Contains("negative: a dull, tiresome film\n", await output, StringComparison.Ordinal);
    }

    private static async Task<Opinion> AskAsync(HttpClient http, string text)
    {
        using var answer = await http.PostAsJsonAsync("/opinions", new { text }, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<Opinion>(Stop))!;
    }

    private static async Task<string> AddressAsync(Process service)
    {
        while (await service.StandardOutput.ReadLineAsync(Stop) is { } line)
        {
            var at = line.IndexOf(Listening, StringComparison.Ordinal);
            if (at >= 0)
                return line[(at + Listening.Length)..].Trim();
        }
        throw new InvalidOperationException("The service ended before it listened.");
    }

    // As the page says, from the sample's own directory, where its settings are.
    private Process Start(string name, params string[] arguments)
    {
        var program = Path.Combine(Repository.Root, "artifacts", "bin", name, "release", name);
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Path.Combine(Repository.Root, "samples", "service"),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["LARDER_STORE"] = _directory["store"];
        start.Environment["LARDER__MODELS__SENTIMENT__FROM"] = new Uri(
            RunningServer.Sample("sentiment") + "/"
        ).AbsoluteUri;
        return Process.Start(start)!;
    }

    private sealed record Opinion(string Label, bool FromCache);
}
