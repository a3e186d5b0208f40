using System.Security.Cryptography;
using System.Text.Json;

namespace Larder.IntegrationTests;

/// <summary>Reads a store that nobody is using by what is fixed of its format, not by Larder's own code.</summary>
internal static class StoreOnDisk
{
    /// <summary>Fails with everything that is damaged, left behind or reached by nothing.</summary>
    public static void AssertWhole(string store)
    {
        var manifests = Files(store, "entries")
            .Select(entry => Parse(entry).GetProperty("manifest").GetString()!)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        var blobs = manifests
            .SelectMany(digest =>
                Parse(Path.Combine(store, "manifests", "sha256", digest[..2], digest[2..] + ".json"))
                    .GetProperty("files")
                    .EnumerateArray()
            )
            .Select(file => file.GetProperty("sha256").GetString()!)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

        // As names: an equal list says that nothing is missing and that nothing is there which no entry reaches.
        Assert.Equal(manifests, Names(store, "manifests"));
        Assert.Equal(blobs, Names(store, "blobs"));
        Assert.Equal(
            manifests,
            Directory
                .EnumerateDirectories(Path.Combine(store, "snapshots"))
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );
        Assert.All(
            Files(store, "manifests").Concat(Files(store, "blobs")),
            file => Assert.Equal(NameOf(file), Sha256(file))
        );
        string[] temporary = ["staging", "quarantine", "pins", "leases"];
        Assert.Equal(
            ["leases/commit", "leases/room"],
            temporary
                .SelectMany(part => Files(store, part))
                .Select(file => Path.GetRelativePath(store, file))
                .Order(StringComparer.Ordinal)
        );
    }

    private static IEnumerable<string> Files(string store, string part) =>
        Directory
            .EnumerateFiles(Path.Combine(store, part), "*", SearchOption.AllDirectories)
            // Checksums of a blob's blocks, which are derived and no blobs.
            .Where(file => !file.EndsWith(".crc32c", StringComparison.Ordinal));

    private static IEnumerable<string> Names(string store, string part) =>
        Files(store, part).Select(NameOf).Order(StringComparer.Ordinal);

    private static string NameOf(string file) =>
        Path.GetFileName(Path.GetDirectoryName(file)) + Path.GetFileNameWithoutExtension(file);

    private static string Sha256(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static JsonElement Parse(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }
}
