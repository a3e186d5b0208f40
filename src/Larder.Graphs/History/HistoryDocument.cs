using System.Text.Json.Serialization;
using Larder.Content;
using Larder.Graphs.Eviction;

namespace Larder.Graphs.History;

/// <summary>The history of a cache as its file has it, format 1.</summary>
internal sealed record HistoryDocument
{
    public const int CurrentFormat = 1;

    [JsonPropertyName("format")]
    public required int Format { get; init; }

    [JsonPropertyName("written")]
    public required DateTimeOffset Written { get; init; }

    [JsonPropertyName("graphs")]
    public required IReadOnlyList<HistoryItem?>? Graphs { get; init; }

    public static HistoryDocument Of(GraphHistory history, DateTimeOffset now) =>
        new()
        {
            Format = CurrentFormat,
            Written = now,
            Graphs =
            [
                .. history
                    .Graphs.Where(pair => pair.Value.Size is not null)
                    .OrderBy(pair => pair.Value.Order)
                    .Select(pair => HistoryItem.Of(pair.Key, pair.Value, now)),
            ],
        };

    /// <summary>Adds what can be understood; the file may have been written by others.</summary>
    public void AddTo(GraphHistory history)
    {
        foreach (var item in Graphs ?? [])
        {
            if (
                item is not { Key: not null, Uses: >= 0, AgedUses: >= 0 and < 1e15, Seconds: >= 0 and < 1e9 }
                || !Digest.TryParse(item.Key, out var key)
                || item.ToSize() is not { } size
            )
                continue;
            var known = history.Of(key);
            known.Uses = new UseCount(item.Uses, item.AgedUses, Written);
            known.LoadTime = TimeSpan.FromSeconds(item.Seconds);
            known.Size = size;
        }
    }
}
