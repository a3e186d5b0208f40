using System.Globalization;
using Larder;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace HotPaths.Entries;

/// <summary>A store of many small models, written without pulls: those would wait for the device a million times.</summary>
/// <remarks>
/// Each model has a file of its own and one of a thousand that the models share. It is what pulls leave, but that no snapshots
/// are built: they are derived.
/// </remarks>
internal static class FilledStore
{
    private const int SharedFiles = 1000;

    /// <summary>Makes the store unless it is there.</summary>
    public static async Task MakeAsync(string root, int entries)
    {
        if (File.Exists(Path.Combine(root, StoreMarker.FileName)))
            return;
        var making = root + ".new";
        if (Directory.Exists(making))
            Directory.Delete(making, recursive: true);
        using (var store = Open(making))
        {
            for (var i = 0; i < entries; i++)
                Write(store, i);
        }
        // The first that opens it counts it.
        using (var cache = new ModelCache(new ModelCacheOptions { StorePath = making }))
            await cache.SweepAsync();
        Directory.Move(making, root);
    }

    public static LocalStore Open(string root) =>
        LocalStore.Open(root, MaterializeMode.Auto, TimeProvider.System, NullLogger.Instance);

    private static void Write(LocalStore store, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"/models/{number:d6}/");
        var own = BitConverter.GetBytes(number);
        var shared = BitConverter.GetBytes(-1 - (number % SharedFiles));
        var manifest = Manifest.Create([
            new ManifestFile("model.onnx", own.Length, Digest.Of(own)),
            new ManifestFile("tokenizer.json", shared.Length, Digest.Of(shared)),
        ]);
        var reference = ModelReference.OfPath(name);
        var key = PullRequest.KeyOf(reference);
        var time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(number);
        Put(store.Layout.Blob(Digest.Of(own)), own);
        Put(store.Layout.Blob(Digest.Of(shared)), shared);
        Put(store.Layout.Manifest(manifest.Digest), manifest.Bytes.ToArray());
        Put(
            store.Layout.Entry(key),
            EntryDocument.Write(
                new StoreEntry
                {
                    Request = key.Request,
                    Manifest = manifest.Digest,
                    Previous = [],
                    Created = time,
                    Checked = time,
                    Duration = TimeSpan.FromSeconds(number % 97),
                    SizeBytes = manifest.SizeBytes,
                    Files = manifest.Files.Count,
                    Source = new EntrySource(
                        reference.Text,
                        EntrySource.TrustFirstUse,
                        manifest.Files.ToDictionary(file => file.Path, _ => "1", StringComparer.Ordinal)
                    ),
                }
            )
        );
    }

    private static void Put(string path, byte[] bytes)
    {
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        if (!path.EndsWith(".json", StringComparison.Ordinal))
            File.SetLastWriteTimeUtc(path, StoreLayout.BlobTime.UtcDateTime);
    }
}
