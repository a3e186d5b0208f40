using Larder.Content;
using Larder.Store;

namespace Larder.Tests.Store.Model;

internal sealed partial class StoreModelRun
{
    /// <summary>Everything that the store says of itself, and what lies on its disk, is what the oracle says.</summary>
    private void Compare()
    {
        var expected = _oracle
            .Entries.Select(entry => Describe(_shelf.Reference(entry.Key).Text, entry.Value, entry.Key))
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected, _cache.List().Select(Describe).Order(StringComparer.Ordinal));
        for (var model = 0; model < ModelShelf.Models; model++)
        {
            var found = _cache.Find(_shelf.Reference(model));
            Assert.Equal(_oracle.Entries.TryGetValue(model, out var version) ? version : null, found?.Digest);
        }
        CompareStatistics();
        CompareDisk();
        foreach (var lease in _leases.Where(lease => !lease.IsSpoiled))
            AssertRight(lease.Snapshot);
    }

    private void CompareStatistics()
    {
        var statistics = _cache.GetStatistics();
        Assert.Equal(_oracle.Entries.Count, statistics.TotalModels);
        Assert.Equal(_oracle.Entries.Values.Sum(ModelShelf.SizeOf), statistics.TotalSizeBytes);
        var least = BlobsOf(_oracle.MustBeThere);
        var most = BlobsOf(_oracle.MayBeThere);
        Assert.InRange(statistics.Blobs, least.Count, most.Count);
        Assert.InRange(statistics.Cache.Bytes, least.Values.Sum(), most.Values.Sum());
    }

    private void CompareDisk()
    {
        foreach (var version in _oracle.MustBeThere)
        {
            Assert.True(File.Exists(_layout.Manifest(version)), $"the version {version} is gone");
            Assert.All(
                ModelShelf.BlobsOf(version).Keys,
                blob => Assert.True(File.Exists(_layout.Blob(blob)), $"the blob {blob} of {version} is gone")
            );
        }
        foreach (var path in TestStore.Files(_layout.Manifests))
        {
            Assert.True(StoreLayout.TryParseFanned(path, out var version));
            Assert.True(_oracle.MayBeThere.Contains(version), $"the version {version} is still there");
        }
    }

    /// <summary>Nobody holds anything any more: nothing was left behind, and everything can be removed.</summary>
    private async Task EndAsync()
    {
        while (_leases.Count > 0)
            Release(0);
        await RestartAsync();
        Compare();
        if (_oracle.Spoiled.Count == 0)
            StoreAudit.AssertWhole(_layout.Root, mayHoldOldVersions: true);

        foreach (var model in _oracle.Pins.Keys.ToList())
            Unpin(model);
        await EvictToBytesAsync(0);
        StoreAudit.AssertEmpty(_layout.Root);
    }

    private static Dictionary<Digest, int> BlobsOf(IEnumerable<Digest> versions) =>
        versions
            .SelectMany(ModelShelf.BlobsOf)
            .DistinctBy(blob => blob.Key)
            .ToDictionary(blob => blob.Key, blob => blob.Value);

    private static string Describe(CachedModel model) =>
        $"{model.Reference} {model.Digest} {(model.Leased ? "leased" : "")} {(model.Pinned ? "pinned" : "")}";

    private string Describe(string reference, Digest version, int model) =>
        $"{reference} {version} {(_oracle.Leases.Contains(version) ? "leased" : "")} {(_oracle.Pins.ContainsKey(model) ? "pinned" : "")}";
}
