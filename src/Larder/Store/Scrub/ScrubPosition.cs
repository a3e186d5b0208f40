using System.Globalization;
using System.Text.Json;
using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>How far the scrub of a store is: the file <c>usage/scrub.json</c>.</summary>
/// <param name="Last">The blob that was read last; null before the first of a pass.</param>
/// <param name="Completed">When the last whole pass ended; null when there was none.</param>
internal sealed record ScrubPosition(Digest? Last, DateTimeOffset? Completed)
{
    /// <summary>Before the first pass.</summary>
    public static readonly ScrubPosition Start = new(null, null);

    /// <summary>Reads it; <see cref="Start"/> when there is none or it cannot be read, which costs a pass and nothing else.</summary>
    public static ScrubPosition Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            return new ScrubPosition(
                root.GetProperty("last").GetString() is { } last ? Digest.Parse(last) : null,
                root.GetProperty("completed").GetString() is { } completed
                    ? DateTimeOffset.Parse(completed, CultureInfo.InvariantCulture)
                    : null
            );
        }
        catch (Exception failure)
            when (StoreFailure.Covers(failure)
                || failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException
            )
        {
            return Start;
        }
    }

    /// <summary>Writes it, in one step. The caller holds the lock of the scrub.</summary>
    public void Write(string path)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("last", Last?.ToString());
            json.WriteString("completed", Completed?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        // Not synced: a power cut costs a part of a pass.
        var aside = path + ".new";
        File.WriteAllBytes(aside, buffer.ToArray());
        Posix.Rename(aside, path);
    }
}
