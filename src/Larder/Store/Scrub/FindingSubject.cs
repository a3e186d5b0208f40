namespace Larder.Store.Scrub;

/// <summary>What a finding of a verification is about.</summary>
public enum FindingSubject
{
    /// <summary>A blob: the bytes of a file, named by their digest.</summary>
    Blob,

    /// <summary>The list of a model's files.</summary>
    Manifest,

    /// <summary>What a reference or another request resolves to.</summary>
    Entry,

    /// <summary>A model laid out as a directory.</summary>
    Snapshot,

    /// <summary>The checksums of a blob's blocks, which are derived from the blob.</summary>
    ChecksumList,
}
