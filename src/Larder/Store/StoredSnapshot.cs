using Larder.Content;

namespace Larder.Store;

/// <summary>A snapshot that was there and looked untouched, under a lease.</summary>
internal sealed record StoredSnapshot(string Path, Manifest Manifest, SnapshotLease Lease) : IDisposable
{
    public void Dispose() => Lease.Dispose();
}
