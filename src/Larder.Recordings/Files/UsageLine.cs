using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>The lines of a log of use: a header, a line for each key, and one for the end.</summary>
internal static class UsageLine
{
    public static byte[] Header(string? run, RecordingMode? mode, DateTimeOffset started) =>
        Line(
            new JsonObject
            {
                ["format"] = UsageRecord.Format,
                ["run"] = run,
                ["mode"] = mode?.ToString(),
                ["started"] = Format(started),
            }
        );

    public static byte[] Key(Digest key) => Line(new JsonObject { ["key"] = key.ToString() });

    public static byte[] Closed(DateTimeOffset closed) => Line(new JsonObject { ["closed"] = Format(closed) });

    private static byte[] Line(JsonObject line) => [.. JsonSerializer.SerializeToUtf8Bytes(line), (byte)'\n'];

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
