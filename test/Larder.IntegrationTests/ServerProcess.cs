using System.Text;
using System.Text.Json;

namespace Larder.IntegrationTests;

/// <summary>A <c>larder serve</c> on a free port, and a caller of it.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly HttpClient _http;

    private ServerProcess(CommandProcess process, string url)
    {
        Process = process;
        Url = url;
        _http = new HttpClient { BaseAddress = new Uri(url) };
    }

    public CommandProcess Process { get; }

    public string Url { get; }

    public static async Task<ServerProcess> StartAsync(
        string directory,
        string[] arguments,
        params string[] environment
    )
    {
        var process = CommandProcess.Start(
            directory,
            ["serve", "--urls", "http://127.0.0.1:0", .. arguments],
            environment
        );
        try
        {
            var line = await process.ReadErrorToAsync("Larder serves");
            return new ServerProcess(
                process,
                line.Split(' ').Single(word => word.StartsWith("http://", StringComparison.Ordinal))
            );
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Asks for a prediction and returns the answer, whatever its status.</summary>
    public async Task<JsonElement> PredictAsync(string id, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(
            $"/api/models/{id}/predict",
            content,
            TestContext.Current.CancellationToken
        );
        using var document = JsonDocument.Parse(
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        return document.RootElement.Clone();
    }

    public void Dispose()
    {
        _http.Dispose();
        Process.Dispose();
    }
}
