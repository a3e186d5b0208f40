using System.Globalization;
using System.Text;
using System.Text.Json;
using Larder.Content;

namespace Larder.Store.Usage;

/// <summary>Writes and reads the lines of usage logs.</summary>
internal static class UsageLine
{
    /// <summary>The line of a record, its end included.</summary>
    public static byte[] Write(UsageRecord record)
    {
        // No text in it needs an escape, and a JSON writer is slow to start in a short process.
        var time = record.Time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        var line = record.Key is { } key
            ? string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"time":"{{time}}","key":"{{key.ToString()}}","hit":{{(record.Hit ? "true" : "false")}},"bytes_fetched":{{record.BytesFetched}},"bytes_saved":{{record.BytesSaved}},"seconds_saved":{{record.TimeSaved.TotalSeconds:0.######}}}"""
            )
            : string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"time":"{{time}}","evictions":{{record.Evictions}},"failures":{{record.Failures}}}"""
            );
        return Encoding.UTF8.GetBytes(line + '\n');
    }

    /// <summary>Reads a line; null when it is not one, as the last of a process that died while writing it.</summary>
    public static UsageRecord? TryRead(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line);
            json.Read();
            DateTimeOffset? time = null;
            var record = new UsageRecord { Time = default };
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var name = json.GetString();
                json.Read();
                switch (name)
                {
                    case "time":
                        time = json.GetDateTimeOffset();
                        break;
                    case "key":
                        record = record with { Key = Digest.Parse(json.GetString()!) };
                        break;
                    case "hit":
                        record = record with { Hit = json.GetBoolean() };
                        break;
                    case "bytes_fetched":
                        record = record with { BytesFetched = json.GetInt64() };
                        break;
                    case "bytes_saved":
                        record = record with { BytesSaved = json.GetInt64() };
                        break;
                    case "seconds_saved":
                        record = record with { TimeSaved = TimeSpan.FromSeconds(json.GetDouble()) };
                        break;
                    case "evictions":
                        record = record with { Evictions = json.GetInt64() };
                        break;
                    case "failures":
                        record = record with { Failures = json.GetInt64() };
                        break;
                    default:
                        json.Skip();
                        break;
                }
            }
            return time is { } known && json.TokenType == JsonTokenType.EndObject ? record with { Time = known } : null;
        }
        catch (Exception malformed)
            when (malformed
                    is JsonException
                        or InvalidOperationException
                        or FormatException
                        or OverflowException
                        or ArgumentException
            )
        {
            return null;
        }
    }
}
