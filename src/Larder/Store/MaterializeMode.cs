namespace Larder.Store;

/// <summary>How the files of a snapshot are made from blobs.</summary>
public enum MaterializeMode
{
    /// <summary>Reflink where the file system can, else hard link, else copy.</summary>
    Auto,

    /// <summary>Share the blocks, copy on write; an error where the file system cannot.</summary>
    Reflink,

    /// <summary>A second name of the blob; a copy where the blob has no names left to give.</summary>
    Hardlink,

    /// <summary>Bytes of their own, for loaders that refuse files with several links.</summary>
    Copy,
}
