using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Larder.Content;

namespace Larder.Store;

/// <summary>Writes and reads the JSON document of an entry.</summary>
internal static class EntryDocument
{
    public static byte[] Write(StoreEntry entry)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("request");
            json.WriteRawValue(entry.Request.Span);
            json.WriteString("manifest", entry.Manifest.ToString());
            json.WriteString("created", Format(entry.Created));
            json.WriteString("checked", Format(entry.Checked));
            json.WriteNumber("seconds", Math.Round(entry.Duration.TotalSeconds, 6));
            json.WriteNumber("bytes", entry.SizeBytes);
            json.WriteNumber("files", entry.Files);
            json.WriteStartObject("source");
            json.WriteString("reference", entry.Source.Reference);
            json.WriteString("trust", entry.Source.Trust);
            json.WriteStartObject("versions");
            foreach (var (path, version) in entry.Source.Versions.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                json.WriteString(path, version);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    /// <summary>Reads a document; null when it is not one, whatever the reason: a broken entry is a miss.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="expected">The canonical request that the reader came for, if it came for one.</param>
    public static StoreEntry? TryRead(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> expected = default)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            var source = root.GetProperty("source");
            return new StoreEntry
            {
                Request = Request(root.GetProperty("request"), expected),
                Manifest = Digest.Parse(Text(root.GetProperty("manifest"))),
                Created = root.GetProperty("created").GetDateTimeOffset(),
                Checked = root.GetProperty("checked").GetDateTimeOffset(),
                Duration = TimeSpan.FromSeconds(root.GetProperty("seconds").GetDouble()),
                SizeBytes = root.GetProperty("bytes").GetInt64(),
                Files = root.GetProperty("files").GetInt32(),
                Source = new EntrySource(
                    Text(source.GetProperty("reference")),
                    Text(source.GetProperty("trust")),
                    Versions(source.GetProperty("versions"))
                ),
            };
        }
        catch (Exception malformed)
            when (malformed
                    is JsonException
                        or FormatException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or ArgumentException
                        or OverflowException
                        or InvalidDocumentException
            )
        {
            return null;
        }
    }

    // What is canonical to the byte need not be made so: that is every hit, and the nodes that it takes are slow to start.
    private static ReadOnlyMemory<byte> Request(JsonElement request, ReadOnlyMemory<byte> expected) =>
        JsonMarshal.GetRawUtf8Value(request).SequenceEqual(expected.Span) ? expected : CanonicalJson.Serialize(request);

    private static string Text(JsonElement element) =>
        element.GetString() ?? throw new FormatException("A text is null.");

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Versions(JsonElement versions)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in versions.EnumerateObject())
            result.Add(file.Name, Text(file.Value));
        return result;
    }
}
