using System.Globalization;
using System.Text.Json;
using Larder.Content;

namespace Larder.Store.Usage;

/// <summary>What the logs of processes that have ended said, added up: the file <c>summary.json</c>.</summary>
/// <remarks>
/// The totals stand before the entries, so that statistics read the first lines only. A summary that is missing or broken costs
/// the counts in it and nothing else.
/// </remarks>
internal sealed class UsageSummary
{
    private const int Format = 1;

    public UsageTotals Totals { get; set; } = new();

    /// <summary>Names of logs that are counted in here; one that is still there is not counted again.</summary>
    public HashSet<string> Folded { get; init; } = new(StringComparer.Ordinal);

    /// <summary>How each entry was used, by its key.</summary>
    public Dictionary<Digest, UseFacts> Entries { get; } = [];

    public void Add(UsageRecord record)
    {
        Totals = Totals.Add(record);
        if (record.Key is { } key)
            Entries[key] = Entries.GetValueOrDefault(key, UseFacts.None).Add(record.Time);
    }

    public byte[] Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteNumber("hits", Totals.Hits);
            json.WriteNumber("misses", Totals.Misses);
            json.WriteNumber("bytes_fetched", Totals.BytesFetched);
            json.WriteNumber("bytes_saved", Totals.BytesSaved);
            json.WriteNumber("seconds_saved", Math.Round(Totals.TimeSaved.TotalSeconds, 6));
            json.WriteNumber("evictions", Totals.Evictions);
            json.WriteNumber("failures", Totals.Failures);
            json.WriteStartArray("folded");
            foreach (var name in Folded)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteStartObject("entries");
            foreach (var (key, use) in Entries)
            {
                json.WriteStartObject(key.ToString());
                json.WriteNumber("uses", use.Uses);
                json.WriteNumber("aged", Math.Round(use.AgedUses, 3));
                json.WriteString("last", use.LastUse.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    /// <summary>Reads all of it; null when it is not a summary.</summary>
    public static UsageSummary? TryRead(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var json = new Utf8JsonReader(bytes);
            var summary = new UsageSummary();
            return ReadHead(ref json, summary) && ReadEntries(ref json, summary) ? summary : null;
        }
        catch (Exception malformed) when (IsMalformed(malformed))
        {
            return null;
        }
    }

    /// <summary>Reads what stands before the entries; null when that is not all in these bytes.</summary>
    public static UsageSummary? TryReadHead(ReadOnlySpan<byte> firstBytes)
    {
        try
        {
            var json = new Utf8JsonReader(firstBytes, isFinalBlock: false, state: default);
            var summary = new UsageSummary();
            return ReadHead(ref json, summary) ? summary : null;
        }
        catch (Exception malformed) when (IsMalformed(malformed))
        {
            return null;
        }
    }

    /// <summary>Reads up to the name of the entries.</summary>
    private static bool ReadHead(ref Utf8JsonReader json, UsageSummary summary)
    {
        var totals = new UsageTotals();
        var format = 0;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.GetString();
            if (name == "entries")
            {
                summary.Totals = totals;
                return format == Format;
            }
            if (!json.Read())
                return false;
            switch (name)
            {
                case "format":
                    format = json.GetInt32();
                    break;
                case "hits":
                    totals = totals with { Hits = json.GetInt64() };
                    break;
                case "misses":
                    totals = totals with { Misses = json.GetInt64() };
                    break;
                case "bytes_fetched":
                    totals = totals with { BytesFetched = json.GetInt64() };
                    break;
                case "bytes_saved":
                    totals = totals with { BytesSaved = json.GetInt64() };
                    break;
                case "seconds_saved":
                    totals = totals with { TimeSaved = TimeSpan.FromSeconds(json.GetDouble()) };
                    break;
                case "evictions":
                    totals = totals with { Evictions = json.GetInt64() };
                    break;
                case "failures":
                    totals = totals with { Failures = json.GetInt64() };
                    break;
                case "folded":
                    while (json.Read() && json.TokenType == JsonTokenType.String)
                        summary.Folded.Add(json.GetString()!);
                    break;
                default:
                    if (!json.TrySkip())
                        return false;
                    break;
            }
        }
        return false;
    }

    private static bool ReadEntries(ref Utf8JsonReader json, UsageSummary summary)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = Digest.Parse(json.GetString()!);
            long uses = 0;
            double aged = 0;
            var last = DateTimeOffset.UnixEpoch;
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.GetString();
                json.Read();
                switch (name)
                {
                    case "uses":
                        uses = json.GetInt64();
                        break;
                    case "aged":
                        aged = json.GetDouble();
                        break;
                    case "last":
                        last = json.GetDateTimeOffset();
                        break;
                    default:
                        json.Skip();
                        break;
                }
            }
            summary.Entries[key] = new UseFacts(uses, aged, last);
        }
        return json.Read();
    }

    private static bool IsMalformed(Exception failure) =>
        failure
            is JsonException
                or InvalidOperationException
                or FormatException
                or OverflowException
                or ArgumentException;
}
