using System.Globalization;
using System.Text.Json;
using Larder.Graphs;
using Larder.Server.Runtimes;
using Larder.Server.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Larder.Server.Http;

/// <summary><c>GET /api/models/cache/stats</c> and <c>DELETE /api/models/cache[?model_id=ID]</c>.</summary>
internal sealed class CacheEndpoint(ModelCatalog catalog, ModelRuntimes runtimes, ModelCache files, GraphCache graphs)
{
    private const string ModelIdParameter = "model_id";

    public Task GetStatsAsync(HttpContext context)
    {
        var store = files.GetStatistics();
        var megabytes = store.TotalSizeBytes / 1e6;
        return JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteStartObject("cache_stats");
                json.WriteString("cache_dir", files.StorePath);
                StatisticsDocument.WriteStore(json, store);
                json.WriteStartObject("graphs");
                WriteGraphs(json, graphs.GetStatistics());
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteString(
                    "message",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Cache contains {store.TotalModels} models using {megabytes:0.0} MB"
                    )
                );
                json.WriteEndObject();
            }
        );
    }

    public async Task DeleteAsync(HttpContext context)
    {
        // A name that is mistyped must not remove all where one was meant.
        if (context.Request.Query.Keys.FirstOrDefault(name => name != ModelIdParameter) is { } other)
        {
            await ProblemWriter.WriteAsync(context, Problems.UnknownQuery(other, ModelIdParameter));
            return;
        }
        var id = context.Request.Query[ModelIdParameter].ToString();
        if (context.Request.Query.ContainsKey(ModelIdParameter) && !catalog.TryGet(id, out _))
        {
            await ProblemWriter.WriteAsync(context, Problems.UnknownModel(id));
            return;
        }

        // Loaded models hold their files: they are unloaded first, as far as nobody is using them.
        var chosen = catalog.All.Where(model => id.Length == 0 || model.Id == id).ToList();
        foreach (var model in chosen)
            await runtimes.UnloadAsync(model, context.RequestAborted);
        var only = id.Length == 0 ? null : chosen[0];
        var result = only is null
            ? await files.ClearAsync(null, context.RequestAborted)
            : await files.ClearAsync(only.From, only.Pull, context.RequestAborted);
        await JsonResponse.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("message", only is null ? "All model cache cleared" : $"Cache cleared for model {id}");
                json.WriteNumber("removed_entries", result.RemovedEntries);
                json.WriteNumber("freed_bytes", result.FreedBytes);
                json.WriteStartArray("kept_in_use");
                foreach (var name in result.KeptInUse.SelectMany(NamesOf))
                    json.WriteStringValue(name);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        );
    }

    // Ids where this server has them; another process may hold models that it does not serve.
    private IEnumerable<string> NamesOf(string reference)
    {
        var ids = catalog.All.Where(model => model.From.Text == reference).Select(model => model.Id).ToList();
        return ids.Count > 0 ? ids : [reference];
    }

    private static void WriteGraphs(Utf8JsonWriter json, GraphStatistics statistics)
    {
        StatisticsDocument.WriteCounts(json, statistics.Cache);
        json.WriteNumber("loads", statistics.Loads);
        json.WriteNumber("load_seconds", Seconds(statistics.LoadTime));
        json.WriteNumber("waits", statistics.Waits);
        json.WriteNumber("wait_seconds", Seconds(statistics.WaitTime));
        json.WriteNumber("waiting", statistics.Waiting);
        json.WriteNumber("failures_remembered", statistics.FailuresRemembered);
        json.WriteNumber("seconds_to_eviction", Seconds(statistics.AgeAtEviction));
        json.WriteBoolean("memory_is_short", statistics.IsUnderMemoryPressure);
        json.WriteStartArray("devices");
        foreach (var device in statistics.Devices)
        {
            json.WriteStartObject();
            json.WriteString("device", device.Device);
            json.WriteNumber("graphs", device.Graphs);
            if (device.MaxBytes is { } limit)
                json.WriteNumber("max_bytes", limit);
            else
                json.WriteNull("max_bytes");
            json.WriteNumber("used_bytes", device.UsedBytes);
            json.WriteNumber("reserved_bytes", device.ReservedBytes);
            json.WriteNumber("draining_bytes", device.DrainingBytes);
            json.WriteNumber("lost_bytes", device.LostBytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
