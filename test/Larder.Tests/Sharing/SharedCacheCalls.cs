using Larder.Content;
using Larder.Sharing;

namespace Larder.Tests.Sharing;

/// <summary>What a user of a shared cache does, in one call.</summary>
internal static class SharedCacheCalls
{
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<SharedPublication> PublishAsync(this SharedCache cache, Answer answer) =>
        cache.PublishAsync(answer.Key, answer.Entry, answer.Manifest, answer.PathOf, Token);

    public static async Task<SharedEntry?> FindOneAsync(this SharedCache cache, EntryKey key) =>
        (await cache.FindAsync([key], Token))[0];

    /// <summary>The manifest of a hit whose blobs are there; null for a miss of any sort.</summary>
    public static async Task<Manifest?> ReadAsync(this SharedCache cache, EntryKey key) =>
        await cache.FindOneAsync(key) is { } entry ? await cache.ReadManifestAsync(entry, Token) : null;
}
