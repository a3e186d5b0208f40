using System.Diagnostics;
using System.Globalization;
using Larder;
using Larder.Azure;
using Larder.Origins;
using Larder.Passes;
using Larder.Passes.Running;
using Larder.Sharing;
using Larder.TestKit;
using Measuring;

namespace Peers;

/// <summary><c>chain</c>: ten passes that somebody has computed already, from a store with 50 ms of delay, and from one's own.</summary>
internal static class ChainPart
{
    private const int Passes = 10;
    private const string Container = "team";
    private const int LocalRuns = 30;
    private const double MostRoundTrips = 3;
    private const double MostMilliseconds = 250;
    private const double MostLocalMilliseconds = 20;

    /// <summary>Most of what may come beside the final model: entries, manifests.</summary>
    private const double MostOtherBytes = 64 << 10;

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(25);

    public static async Task RunAsync(Setting setting)
    {
        await new Invocation(Path.Join(Repository.Root, "eng", "azurite.sh"), "--install").RunOnceAsync();
        var account = AzuriteAccount.Larder;
        await using var server = await ServerScript.StartAsync(
            "azurite.sh",
            setting.In("azurite"),
            account.Name,
            account.Key
        );
        await account.CreateContainerAsync(server.Url, Container);
        await using var link = new LongLink(server.Url.Port, long.MaxValue / 1_000_000_000, Delay);
        var far = new UriBuilder(server.Url) { Port = link.Port }.Uri;

        await ComputeAsync(setting, Open(account, server.Url));
        var report = new Report($"{Passes} cached passes", "median ms", "least ms", "round trips", "MB fetched");
        var (resolved, ran, olive) = (new Samples(), new Samples(), new Samples());
        var (roundTrips, questions, other) = (0, 0, 0L);
        for (var round = 0; round < setting.Rounds; round++)
        {
            using var azure = Open(account, far);
            // The first connection's handshakes are nobody's way of looking up.
            await azure.TryReadAsync("larder", 1024, CancellationToken.None);
            var watched = new WatchedStore(azure);
            var start = Stopwatch.GetTimestamp();
            var result = await RunAsync(setting, setting.In($"store-{round}"), watched);
            ran.Add(Stopwatch.GetElapsedTime(start));
            resolved.Add(watched.Resolved);
            (roundTrips, questions) = (Math.Max(roundTrips, watched.RoundTrips), watched.Questions);
            other = Math.Max(other, watched.BytesRead - setting.SizeBytes);
            olive.Add(await OneAfterTheOtherAsync(watched, result));
        }
        var megabytes = setting.SizeBytes / 1e6;
        report.Row("all keys resolved", resolved.Median, resolved.Least, roundTrips, 0);
        report.Row("the same documents, one pass after the other", olive.Median, olive.Least, 2 * Passes, 0);
        report.Row("the whole run, the final model included", ran.Median, ran.Least, roundTrips + 1, megabytes);
        var local = await LocalAsync(setting);
        report.Row("the whole run again, from one's own store", local.Median, local.Least, 0, 0);
        report.Result("round trips until all keys are resolved", roundTrips, MostRoundTrips);
        report.Result("until all keys are resolved, median ms", resolved.Median, MostMilliseconds);
        report.Result("bytes fetched beside the final model's", other, MostOtherBytes);
        report.Result("from one's own store, median ms", local.Median, MostLocalMilliseconds);
        report.Result("times what it takes one pass after the other", resolved.Median / olive.Median, 1);
        report.Note(string.Create(CultureInfo.InvariantCulture, $"{questions} documents were asked for."));
        report.Write(setting.In("chain.json"));
    }

    /// <summary>Computes all passes and publishes them.</summary>
    private static async Task ComputeAsync(Setting setting, AzureSharedStore store)
    {
        using (store)
        {
            var result = await RunAsync(setting, setting.In("store-first"), store);
            if (result.Passes.Any(pass => pass.Outcome != StepOutcome.Computed))
                throw new InvalidDataException("Something was there before it was computed.");
        }
    }

    private static async Task<WorkflowResult> RunAsync(Setting setting, string path, ISharedStore store)
    {
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = path });
        await using var shared = new SharedCache(store);
        using var result = await Runner(cache, shared).RunAsync(Workflow(setting));
        if (result.Warnings.Count > 0)
            throw new InvalidDataException(string.Join('\n', result.Warnings));
        return result;
    }

    /// <summary>A hit of the last pass, in a process that has done so before.</summary>
    private static async Task<Samples> LocalAsync(Setting setting)
    {
        using var cache = new ModelCache(new ModelCacheOptions { StorePath = setting.In("store-first") });
        var (runner, workflow) = (Runner(cache, shared: null), Workflow(setting));
        var times = new Samples();
        for (var i = 0; i <= LocalRuns; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using var result = await runner.RunAsync(workflow);
            if (i > 0)
                times.Add(Stopwatch.GetElapsedTime(start));
            if (result.Passes[^1].Outcome != StepOutcome.LocalHit)
                throw new InvalidDataException("The last pass was no hit.");
        }
        return times;
    }

    /// <summary>As Olive does: for each pass two small documents, the second after the first, and then the next pass.</summary>
    private static async Task<TimeSpan> OneAfterTheOtherAsync(WatchedStore store, WorkflowResult result)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var pass in result.Passes)
        {
            var name = Name("entries/main/pass", pass.Key.ToString());
            var entry = await store.TryReadAsync(name, 1 << 20, CancellationToken.None);
            if (entry is null)
                throw new InvalidDataException($"There is no {name}.");
            using var document = System.Text.Json.JsonDocument.Parse(entry.Content);
            var manifest = document.RootElement.GetProperty("manifest").GetString()!;
            await store.TryReadAsync(Name("manifests/sha256", manifest), 1 << 20, CancellationToken.None);
        }
        return Stopwatch.GetElapsedTime(start);
    }

    private static string Name(string place, string digest)
    {
        var digits = digest[(digest.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return $"{place}/{digits[..2]}/{digits[2..]}.json";
    }

    private static WorkflowRunner Runner(ModelCache cache, SharedCache? shared) =>
        new(cache, new PassSet([new StepPass()], []), shared);

    private static Workflow Workflow(Setting setting) =>
        new()
        {
            Input = new WorkflowInput(ModelReference.OfPath(setting.Model)),
            Passes = [.. Enumerable.Range(0, Passes).Select(StepPass.Of)],
        };

    private static AzureSharedStore Open(AzuriteAccount account, Uri server) =>
        new(
            $"az://{account.Name}/{Container}",
            new AzureBlobOptions { ConnectionString = account.ConnectionString(server) }
        );
}
