using System.Text.Json;
using Larder.Content;
using Larder.Store;

namespace Larder.Pull.Targets;

/// <summary>The file <c>.larder.json</c> in a directory that a model was laid out in: what was written there, and when it was right.</summary>
/// <remarks>
/// It saves reading files again, and tells whose they are. Nothing else rests on it: without it files are read, and nothing is
/// removed.
/// </remarks>
internal sealed class TargetRecord
{
    public const string FileName = ".larder.json";

    private const int Format = 1;
    private const long MaxSizeBytes = 64 << 20;

    /// <summary>What was laid out; null where nothing was.</summary>
    public string? Reference { get; init; }

    /// <summary>The version that was laid out; null while that is under way.</summary>
    public Digest? Version { get; init; }

    /// <summary>The files, by their paths.</summary>
    public Dictionary<string, LaidOutFile> Files { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Directories that were made for them.</summary>
    public HashSet<string> Directories { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Reads the record of a directory; an empty one where there is none, or none to believe.</summary>
    public static TargetRecord Read(string directory)
    {
        try
        {
            using var file = Posix.TryOpenToRead(Path.Join(directory, FileName));
            if (file is null || RandomAccess.GetLength(file) > MaxSizeBytes)
                return new TargetRecord();
            var bytes = new byte[RandomAccess.GetLength(file)];
            var length = RandomAccess.Read(file, bytes, fileOffset: 0);
            using var document = JsonDocument.Parse(bytes.AsMemory(0, length));
            return Read(document.RootElement);
        }
        catch (Exception unreadable)
            when (StoreFailure.Covers(unreadable)
                || unreadable
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or NotSupportedException
            )
        {
            return new TargetRecord();
        }
    }

    /// <summary>Puts it into a directory, in place of the one that is there.</summary>
    public void Write(string directory)
    {
        var path = Path.Join(directory, FileName);
        var temporary = TemporaryName.In(directory);
        try
        {
            Durability.WriteFile(temporary, ToBytes());
            File.SetUnixFileMode(temporary, TargetWriter.Mode);
            Posix.Rename(temporary, path);
        }
        catch
        {
            TemporaryName.TryRemove(temporary);
            throw;
        }
    }

    /// <summary>Whether writing it would change nothing.</summary>
    public bool IsSame(TargetRecord other) => ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    private static TargetRecord Read(JsonElement root)
    {
        if (root.GetProperty("format").GetInt32() != Format)
            return new TargetRecord();
        var record = new TargetRecord
        {
            Reference = root.GetProperty("reference").GetString(),
            Version = root.GetProperty("version").GetString() is { } version ? Digest.Parse(version) : null,
        };
        foreach (var file in root.GetProperty("files").EnumerateObject())
        {
            // The directory may be anybody's, and so may be what its record says.
            if (ManifestPath.FaultIn(file.Name) is not null)
                continue;
            record.Files[file.Name] = new LaidOutFile(
                Digest.Parse(file.Value.GetProperty("sha256").GetString() ?? ""),
                file.Value.GetProperty("size").GetInt64(),
                file.Value.GetProperty("written").GetBoolean()
            )
            {
                Stamp = file.Value.TryGetProperty("stamp", out var stamp) ? stamp.GetString() : null,
                Version = file.Value.TryGetProperty("origin_version", out var mark) ? mark.GetString() : null,
            };
        }
        foreach (var name in root.GetProperty("directories").EnumerateArray())
        {
            if (name.GetString() is { } path && ManifestPath.FaultIn(path) is null)
                record.Directories.Add(path);
        }
        return record;
    }

    private byte[] ToBytes()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("format", Format);
            json.WriteString("reference", Reference);
            json.WriteString("version", Version?.ToString());
            json.WriteStartObject("files");
            foreach (var (path, file) in Files.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject(path);
                json.WriteString("sha256", file.Digest.ToString());
                json.WriteNumber("size", file.SizeBytes);
                json.WriteBoolean("written", file.IsWritten);
                if (file.Stamp is { } stamp)
                    json.WriteString("stamp", stamp);
                if (file.Version is { } mark)
                    json.WriteString("origin_version", mark);
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteStartArray("directories");
            foreach (var path in Directories.Order(StringComparer.Ordinal))
                json.WriteStringValue(path);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
