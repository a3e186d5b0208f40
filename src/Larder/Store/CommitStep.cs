namespace Larder.Store;

/// <summary>The visible steps of a commit, in their order, and the one of a removal; tests kill the process after each.</summary>
internal enum CommitStep
{
    BlobsLinked,
    ManifestLinked,
    SnapshotPlaced,
    EntryPlaced,
    NamesTaken,
}
