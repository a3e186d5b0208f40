using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>A file of a snapshot that has bytes of its own: a copy of its blob, or a reflink.</summary>
/// <param name="Path">The file.</param>
/// <param name="Snapshot">The snapshot's directory.</param>
/// <param name="Directory">That directory as it was when the file was found in it.</param>
/// <param name="Manifest">The snapshot's manifest.</param>
internal sealed record SnapshotFile(string Path, string Snapshot, FileStatus Directory, Digest Manifest);
