using System.CommandLine;
using System.Globalization;
using Larder.Cli.Output;
using Larder.Server.Telemetry;

namespace Larder.Cli.Commands;

/// <summary><c>larder stats</c>: the store, and what it has saved.</summary>
internal static class StatsCommand
{
    public static Command Create(GlobalOptions options) =>
        new Command("stats", "How much the store holds and has saved").Runs(
            options,
            (context, _) =>
            {
                using var cache = context.OpenCache();
                var statistics = cache.GetStatistics();
                if (context.Json)
                    WriteJson(cache.StorePath, statistics);
                else
                    WriteText(cache.StorePath, statistics);
                return Task.FromResult(ExitCode.Done);
            }
        );

    private static void WriteText(string path, StoreStatistics statistics)
    {
        var counts = statistics.Cache;
        (string Name, string Value)[] facts =
        [
            ("Store", path),
            (
                "Models",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{statistics.TotalModels}, {Sizes.Bytes(statistics.TotalSizeBytes)}"
                )
            ),
            (
                "On disk",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{statistics.Blobs} distinct files, {Sizes.Bytes(counts.Bytes)}{(statistics.CapacityBytes is { } capacity ? $" of {Sizes.Bytes(capacity)}" : "")}"
                )
            ),
            .. statistics.PartialBytes == 0
                ? ((string, string)[])[]
                : [("Partial", $"{Sizes.Bytes(statistics.PartialBytes)} of transfers that broke off")],
            (
                "Pulls",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{counts.Hits} answered from the store, {counts.Misses} by an origin"
                )
            ),
            ("Evicted", counts.Evictions.ToString(CultureInfo.InvariantCulture)),
            ("Fetched", Sizes.Bytes(statistics.BytesFetched)),
            ("Saved", $"{Sizes.Bytes(counts.BytesSaved)}, {Sizes.Time(counts.TimeSaved)}"),
        ];
        foreach (var (name, value) in facts)
            Terminal.Answer($"{name + ":", -9} {value}");
    }

    private static void WriteJson(string path, StoreStatistics statistics) =>
        Terminal.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("store", path);
            StatisticsDocument.WriteStore(json, statistics);
            json.WriteEndObject();
        });
}
