using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>
/// Requests that nobody would write, to every route of a server, whoever added it. LARDER_SEED repeats what a seed gave;
/// LARDER_FUZZ_REQUESTS is how many the long campaign sends.
/// </summary>
[Collection(AloneCollection.Name)]
[Trait("Category", "Integration")]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Callers = 4;
    private const int Between = 100;
    private const double Price = 403569;
    private const long Megabyte = 1_000_000;

    [Fact]
    public Task Requests_OfAnyKindToEveryRoute_AreAnsweredAsTheyShould() => RunAsync(2_500);

    [Fact]
    [Trait("Category", "Full")]
    public Task Requests_AMillion_AreAnsweredAsTheyShould() => RunAsync(Number("LARDER_FUZZ_REQUESTS") ?? 1_000_000);

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private async Task RunAsync(int requests)
    {
        var seed = Number("LARDER_SEED") ?? Environment.TickCount;
        output.WriteLine($"seed {seed}, {requests} requests");
        await using var open = await FuzzServer.StartAsync(hasTokens: false);
        await using var guarded = await FuzzServer.StartAsync(hasTokens: true);
        FuzzServer[] servers = [open, guarded];
        var (faults, answers) = (new ConcurrentQueue<string>(), new ConcurrentDictionary<string, int>());
        var asked = new ConcurrentDictionary<string, bool>();
        foreach (var server in servers)
            server.Log.Watch(FuzzOracle.SecretsOf(server.Tokens));

        // What is made by the first and kept is no growth: models, connections, compiled code.
        await SendAsync(requests / 5, seed);
        var before = ProcessSize.Measure();
        await SendAsync(requests - requests / 5, seed + Callers);
        var allowed = before.Plus(handles: 40, threads: 40, 30 * Megabyte, 400 * Megabyte);
        var after = await ProcessSize.MeasureAsync(allowed);

        output.WriteLine($"before: {before}");
        output.WriteLine($"after: {after}");
        foreach (var (answer, count) in answers.OrderByDescending(answer => answer.Value))
            output.WriteLine($"{count, 8} {answer}");
        foreach (var note in servers.SelectMany(server => server.Log.Notes))
            output.WriteLine(note);
        var logged = servers.SelectMany(server => server.Log.Faults).ToList();
        Assert.True(
            faults.IsEmpty && logged.Count == 0,
            $"seed {seed}\n{string.Join("\n\n", faults.Take(5).Concat(logged.Take(5)))}"
        );
        Assert.Empty(servers.SelectMany(server => server.Routes.Select(FuzzRequests.NameOf)).Except(asked.Keys));
        Assert.True(after.IsWithin(allowed), $"It grew from {before} to {after}.");

        Task SendAsync(int count, int from) =>
            Task.WhenAll(
                Enumerable
                    .Range(0, Callers)
                    .Select(caller =>
                        Task.Run(() => CallAsync(servers[caller % servers.Length], from + caller, count / Callers))
                    )
            );

        async Task CallAsync(FuzzServer server, int own, int count)
        {
            var (generator, oracle) = (new FuzzRequests(server, own), new FuzzOracle(server));
            using var client = new WireClient(server.Address);
            for (var i = 0; i < count && faults.Count < 20; i++)
            {
                var request = generator.Next();
                asked[request.Route] = true;
                if (await AskAsync(client, oracle, request) is { } fault)
                    faults.Enqueue($"Request {i} of seed {own}: {fault}\n{request}");
                if (i % Between == 0 && await AskForThePriceAsync(client, server) is { } wrong)
                    faults.Enqueue($"After request {i} of seed {own}: {wrong}\n{request}");
            }
        }

        async Task<string?> AskAsync(WireClient client, FuzzOracle oracle, FuzzRequest request)
        {
            try
            {
                var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
                answers.AddOrUpdate(Kind(answer), 1, (_, seen) => seen + 1);
                return oracle.FaultIn(request, answer) is { } fault
                    ? $"{fault}\n{answer?.Status} {answer?.Text}"
                    : null;
            }
            catch (Exception broken) when (broken is TimeoutException or InvalidDataException or FormatException)
            {
                return broken.ToString();
            }
        }
    }

    private static string Kind(FuzzAnswer? answer)
    {
        if (answer is null)
            return "none";
        if (!answer.Has("Content-Type", "problem"))
            return $"{answer.Status}";
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return $"{answer.Status} {document.RootElement.GetProperty("type")}";
        }
        catch (JsonException)
        {
            return $"{answer.Status} unreadable";
        }
    }

    // A good request among the others has its right answer, on the connection that they came over.
    private static async Task<string?> AskForThePriceAsync(WireClient client, FuzzServer server)
    {
        List<string> headers = [$"Host: {server.Address.Authority}", "Content-Type: application/json"];
        if (server.Tokens is { } tokens)
            headers.Add($"Authorization: Bearer {tokens.Predict}");
        var request = new FuzzRequest(
            "POST",
            $"/api/models/{FuzzServer.Prices}/predict",
            headers,
            Encoding.UTF8.GetBytes(RunningServer.Example("house-prices/v1"))
        )
        {
            Framing = Framing.Length,
        };
        var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        if (answer?.Status != 200)
            return $"A good prediction was answered {answer?.Status} {answer?.Text}";
        using var document = JsonDocument.Parse(answer.Body);
        var price = document.RootElement.GetProperty("prediction").GetDouble();
        return Math.Abs(price - Price) < 1 ? null : $"A good prediction was {price}.";
    }
}
