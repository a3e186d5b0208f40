namespace Larder;

/// <summary>What a long work is doing.</summary>
public enum WorkStage
{
    /// <summary>The documents of entries are read.</summary>
    ReadingEntries,

    /// <summary>Manifests are read.</summary>
    ReadingManifests,

    /// <summary>Files are read and compared with their digests.</summary>
    ReadingFiles,

    /// <summary>Files are written, or linked where that will do.</summary>
    WritingFiles,

    /// <summary>Something is removed.</summary>
    Removing,
}
