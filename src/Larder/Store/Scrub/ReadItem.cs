using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>A file that a verification reads: a blob, or a copy of one in a snapshot.</summary>
internal readonly record struct ReadItem(Digest Digest, long SizeBytes, SnapshotFile? Copy);
