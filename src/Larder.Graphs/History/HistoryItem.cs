using System.Text.Json.Serialization;
using Larder.Content;

namespace Larder.Graphs.History;

/// <summary>One graph in the file of a history.</summary>
internal sealed record HistoryItem
{
    [JsonPropertyName("key")]
    public required string Key { get; init; }

    [JsonPropertyName("uses")]
    public required long Uses { get; init; }

    [JsonPropertyName("aged_uses")]
    public required double AgedUses { get; init; }

    [JsonPropertyName("seconds")]
    public required double Seconds { get; init; }

    [JsonPropertyName("bytes")]
    public required IReadOnlyList<DeviceBytes>? Bytes { get; init; }

    public static HistoryItem Of(Digest key, KnownGraph known, DateTimeOffset now)
    {
        var uses = known.Uses;
        return new()
        {
            Key = key.ToString(),
            Uses = uses.Total,
            AgedUses = uses.AgeTo(now),
            Seconds = known.LoadTime.TotalSeconds,
            Bytes = known.Size!.Devices,
        };
    }

    /// <summary>The size; null where none is written.</summary>
    public GraphSize? ToSize()
    {
        GraphSize? size = null;
        foreach (var (device, bytes) in Bytes ?? [])
            size = size is null ? GraphSize.On(device, bytes) : size.And(device, bytes);
        return size;
    }
}
