namespace Larder.Recordings.Administration;

/// <summary>What a file in a directory of recordings is there for.</summary>
internal enum TreeRole
{
    /// <summary>A document.</summary>
    Recording,

    /// <summary>A part of one.</summary>
    Attachment,

    /// <summary>What is being written, or what a killed writer left.</summary>
    Staged,

    /// <summary>Nothing that Larder has put there.</summary>
    Unknown,
}
