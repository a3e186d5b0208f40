using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Sharing;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Sharing;

/// <summary>A shared store, caches that use it, and answers to publish.</summary>
internal sealed class SharedTeam : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly List<SharedCache> _caches = [];

    public SharedTeam(TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        Store = new FakeSharedStore(Time);
    }

    public TimeProvider Time { get; }

    public FakeSharedStore Store { get; }

    public RecordingLoggerFactory Log { get; } = new();

    public static EntryKey Key(string name = "one", string kind = "pass") =>
        EntryKey.Of(
            new JsonObject
            {
                ["kind"] = kind,
                ["version"] = 1,
                [kind == "model" ? "reference" : "name"] = name,
            }
        );

    /// <summary>One of the machines that use the store.</summary>
    /// <param name="options">How it uses the store; the defaults when null.</param>
    /// <param name="time">The clock of its machine; the store's when null.</param>
    public SharedCache NewCache(SharedCacheOptions? options = null, TimeProvider? time = null)
    {
        var cache = new SharedCache(Store, options, time ?? Time, Log);
        _caches.Add(cache);
        return cache;
    }

    /// <summary>An answer of some files, each of a size of its own, all different for another seed.</summary>
    public Answer NewAnswer(EntryKey key, int seed = 1, int files = 2, string reference = "s3://bucket/model/")
    {
        var listed = new List<ManifestFile>();
        var paths = new Dictionary<Digest, string>();
        for (var i = 0; i < files; i++)
        {
            var bytes = TestBytes.Of(100 + i, seed * 1000 + i);
            var digest = Digest.Of(bytes);
            var path = _directory[digest.ToString()];
            File.WriteAllBytes(path, bytes);
            paths[digest] = path;
            listed.Add(new ManifestFile($"file-{i}.bin", bytes.Length, digest));
        }
        var manifest = Manifest.Create(listed);
        var entry = new StoreEntry
        {
            Request = key.Request,
            Manifest = manifest.Digest,
            Created = Time.GetUtcNow(),
            Checked = Time.GetUtcNow(),
            Duration = TimeSpan.FromSeconds(3),
            SizeBytes = manifest.SizeBytes,
            Files = files,
            Source = new EntrySource(reference, EntrySource.TrustDerived, new Dictionary<string, string>())
            {
                IsFixed = key.Kind != "model",
            },
        };
        return new Answer(key, entry, manifest, file => paths[file.Digest]);
    }

    public async Task<Answer> PublishNewAsync(EntryKey key, int seed = 1, SharedCacheOptions? options = null)
    {
        var answer = NewAnswer(key, seed);
        var publication = await NewCache(options).PublishAsync(answer);
        Assert.Equal(SharedOutcome.Published, publication.Outcome);
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cache in _caches)
            await cache.DisposeAsync();
        _directory.Dispose();
    }
}
