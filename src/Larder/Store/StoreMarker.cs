using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Larder.Store;

/// <summary>The file that says that a directory is a store, of which format and which one.</summary>
/// <remarks>It is the first thing in a new store and is put there by link, so that any number of first starts agree.</remarks>
internal sealed record StoreMarker(int Format, string Id)
{
    /// <summary>Whether it was made to be read only: files lie in it in another order than a writer would expect.</summary>
    public bool IsReadOnly { get; init; }

    public const string FileName = "larder-store.json";

    /// <summary>The newest format that this code reads and the one that it writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Reads the marker of a store, or makes the directory one if it is missing or empty.</summary>
    /// <exception cref="StoreException">It is not a store and not empty, or its format is newer, or the marker is damaged.</exception>
    public static StoreMarker OpenOrCreate(string root)
    {
        var path = Path.Combine(root, FileName);
        if (TryRead(root, path) is { } marker)
            return marker.IsReadOnly
                ? throw new StoreException(
                    root,
                    $"The store '{root}' was baked into an image, and is only read. Name it as store.lower (or LARDER__STORE__LOWER), and another directory with --store."
                )
                : marker;

        Directory.CreateDirectory(root);
        if (HoldsSomethingElse(root))
        {
            // Another first start may have finished between the two looks.
            return TryRead(root, path)
                ?? throw new StoreException(
                    root,
                    $"'{root}' is not a Larder store: it is not empty and has no {FileName}. Name an empty or new directory with --store, or the right store."
                );
        }

        Create(root, path);
        return TryRead(root, path)
            ?? throw new StoreException(root, $"The marker '{path}' vanished while the store was created. Try again.");
    }

    /// <summary>Reads the marker of a store.</summary>
    /// <exception cref="StoreException">It is not a store, or its format is newer, or the marker is damaged.</exception>
    public static StoreMarker Open(string root) =>
        TryRead(root, Path.Combine(root, FileName))
        ?? throw new StoreException(
            root,
            $"There is no Larder store in '{root}': it has no {FileName}. Name a directory that a pull has filled, or take store.lower out of the configuration."
        );

    /// <summary>The marker of a store that is made to be read only.</summary>
    public static byte[] ReadOnlyDocument(Guid id) =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"format": {{CurrentFormat}}, "id": "{{id}}", "read_only": true}{{'\n'}}"""
            )
        );

    /// <summary>Removes what first starts that died had written of their markers.</summary>
    public static void SweepTemporary(string root)
    {
        // By hand: to a search pattern "name.*" the name without anything behind it fits too, and that is the marker.
        foreach (var path in Directory.EnumerateFiles(root).Where(IsTemporary))
            Posix.Unlink(path);
    }

    private static bool IsTemporary(string path) =>
        Path.GetFileName(path).StartsWith(FileName + ".", StringComparison.Ordinal);

    private static void Create(string root, string path)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}";
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"format": {{CurrentFormat}}, "id": "{{Guid.NewGuid()}}"}{{'\n'}}"""
        );
        Durability.WriteFile(temporary, Encoding.UTF8.GetBytes(text));
        try
        {
            Posix.TryLink(temporary, path);
        }
        catch (IOException swept) when (swept.HResult == Posix.ENOENT)
        {
            // Another first start has finished, and swept our temporary file with the leftovers of dead ones.
        }
        Posix.Unlink(temporary);
        Posix.SyncDirectory(root);
        if (Path.GetDirectoryName(root) is { } parent)
            Posix.SyncDirectory(parent);
    }

    private static bool HoldsSomethingElse(string root) =>
        Directory
            .EnumerateFileSystemEntries(root)
            .Select(entry => Path.GetFileName(entry))
            .Any(name => !name.StartsWith(FileName, StringComparison.Ordinal) && name != "lost+found");

    private static StoreMarker? TryRead(string root, string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        var marker = Parse(bytes);
        if (marker is null)
        {
            throw new StoreException(
                path,
                $"The marker '{path}' is damaged: it is not JSON with 'format' and 'id'. If '{root}' is a Larder store, write {{\"format\": {CurrentFormat}, \"id\": \"<any uuid>\"}} into it; else name another directory with --store."
            );
        }
        if (marker.Format > CurrentFormat)
        {
            throw new StoreException(
                root,
                $"The store '{root}' has format {marker.Format}; this Larder reads up to {CurrentFormat}. Update Larder, or use another store with --store."
            );
        }
        return marker;
    }

    // By tokens and not as a document: this is part of every command, and the document's types take 20 ms to start.
    private static StoreMarker? Parse(byte[] bytes)
    {
        try
        {
            var json = new Utf8JsonReader(bytes);
            var format = 0;
            string? id = null;
            var isReadOnly = false;
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                return null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isFormat = json.ValueTextEquals("format"u8);
                var isId = json.ValueTextEquals("id"u8);
                var isMode = json.ValueTextEquals("read_only"u8);
                json.Read();
                if (isFormat)
                    format = json.GetInt32();
                else if (isId)
                    id = json.GetString();
                else if (isMode)
                    isReadOnly = json.GetBoolean();
                else
                    json.Skip();
            }
            // The reader throws for anything after the end but white space.
            json.Read();
            return format >= 1 && id is not null ? new StoreMarker(format, id) { IsReadOnly = isReadOnly } : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
