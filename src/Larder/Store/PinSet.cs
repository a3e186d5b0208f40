using System.Text.Json;
using Larder.Content;
using Larder.Store.Index;

namespace Larder.Store;

/// <summary>What may not be removed until somebody takes the pin off: entries, and the versions that they had when pinned.</summary>
/// <remarks>One small file for each pinned entry, <c>pins/&lt;key&gt;.json</c>, so that pins survive restarts.</remarks>
internal sealed class PinSet
{
    private readonly HashSet<Digest> _keys = [];
    private readonly HashSet<Digest> _versions = [];

    private PinSet() { }

    /// <summary>The versions that entries had when they were pinned.</summary>
    public IEnumerable<Digest> Versions => _versions;

    /// <summary>Whether an entry is pinned.</summary>
    public bool HasKey(Digest key) => _keys.Contains(key);

    /// <summary>Whether somebody pinned an entry when it had this version.</summary>
    public bool HasVersion(Digest manifest) => _versions.Contains(manifest);

    /// <summary>Whether a version may not be removed: it is pinned, or an entry of it is.</summary>
    public bool Has(IndexedVersion version) =>
        HasVersion(version.Manifest) || version.Entries.Any(entry => HasKey(entry.Key));

    /// <summary>Reads all pins. One that cannot be read still pins the entry that its name says.</summary>
    public static PinSet Read(StoreLayout layout)
    {
        var pins = new PinSet();
        foreach (var path in Directory.EnumerateFiles(layout.Pins, "*.json"))
        {
            if (!Digest.TryParse(Path.GetFileNameWithoutExtension(path), out var key))
                continue;
            pins._keys.Add(key);
            if (TryReadVersion(path) is { } version)
                pins._versions.Add(version);
        }
        return pins;
    }

    /// <summary>The document of a pin.</summary>
    public static byte[] Write(StoreEntry entry, Digest version)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("reference", entry.Source.Reference);
            json.WriteString("manifest", version.ToString());
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static Digest? TryReadVersion(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Digest.Parse(document.RootElement.GetProperty("manifest").GetString()!);
        }
        catch (Exception unreadable)
            when (unreadable
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentException
                        or IOException
                        or UnauthorizedAccessException
            )
        {
            return null;
        }
    }
}
