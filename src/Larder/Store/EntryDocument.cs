using System.Globalization;
using System.Text.Json;

namespace Larder.Store;

/// <summary>Writes the JSON document of an entry, which <see cref="EntryReader"/> reads.</summary>
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
            if (entry.Previous.Count > 0)
            {
                json.WriteStartArray("previous");
                foreach (var version in entry.Previous)
                    json.WriteStringValue(version.ToString());
                json.WriteEndArray();
            }
            json.WriteString("created", Format(entry.Created));
            json.WriteString("checked", Format(entry.Checked));
            json.WriteNumber("seconds", Math.Round(entry.Duration.TotalSeconds, 6));
            json.WriteNumber("bytes", entry.SizeBytes);
            json.WriteNumber("files", entry.Files);
            json.WriteStartObject("source");
            json.WriteString("reference", entry.Source.Reference);
            json.WriteString("trust", entry.Source.Trust);
            if (entry.Source.Revision is { } revision)
                json.WriteString("revision", revision);
            if (entry.Source.DerivedFrom is { } derivedFrom)
                json.WriteString("derived_from", derivedFrom.ToString());
            if (entry.Source.IsFixed)
                json.WriteBoolean("fixed", true);
            if (entry.Source.HasOnlySizeAndTime)
                json.WriteBoolean("size_and_time", true);
            if (entry.Source.Archive is { } archive)
            {
                json.WriteStartObject("archive");
                json.WriteString("path", archive.Path);
                json.WriteNumber("size", archive.SizeBytes);
                json.WriteString("sha256", archive.Digest.ToString());
                json.WriteEndObject();
            }
            json.WriteStartObject("versions");
            foreach (var (path, version) in entry.Source.Versions.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                json.WriteString(path, version);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return EntrySeal.Seal(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
