using System.Text.Json;
using Larder.Telemetry;

namespace Larder.Server.Telemetry;

/// <summary>What a store holds and has saved as JSON: the same over HTTP and from the command.</summary>
public static class StatisticsDocument
{
    /// <summary>Writes the members of a store's statistics.</summary>
    /// <param name="json">Where to write; a member must be expected there.</param>
    /// <param name="store">The statistics.</param>
    public static void WriteStore(Utf8JsonWriter json, StoreStatistics store)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(store);
        json.WriteNumber("total_models", store.TotalModels);
        json.WriteNumber("total_size_mb", Math.Round(store.TotalSizeBytes / 1e6, 3));
        json.WriteNumber("total_size_bytes", store.TotalSizeBytes);
        json.WriteNumber("blobs", store.Blobs);
        json.WriteNumber("bytes", store.Cache.Bytes);
        json.WriteNumber("partial_bytes", store.PartialBytes);
        if (store.CapacityBytes is { } capacity)
            json.WriteNumber("capacity_bytes", capacity);
        else
            json.WriteNull("capacity_bytes");
        json.WriteNumber("bytes_fetched", store.BytesFetched);
        WriteCounts(json, store.Cache);
    }

    /// <summary>Writes the members that all caches have, without their bytes.</summary>
    /// <param name="json">Where to write; a member must be expected there.</param>
    /// <param name="counts">The counts.</param>
    public static void WriteCounts(Utf8JsonWriter json, CacheStatistics counts)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(counts);
        json.WriteNumber("hits", counts.Hits);
        json.WriteNumber("misses", counts.Misses);
        json.WriteNumber("entries", counts.Entries);
        json.WriteNumber("bytes_saved", counts.BytesSaved);
        json.WriteNumber("seconds_saved", Math.Round(counts.TimeSaved.TotalSeconds, 3));
        json.WriteNumber("evictions", counts.Evictions);
        json.WriteNumber("failures", counts.Failures);
    }
}
