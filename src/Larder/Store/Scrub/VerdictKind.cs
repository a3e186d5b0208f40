namespace Larder.Store.Scrub;

/// <summary>What a file proved to be.</summary>
internal enum VerdictKind
{
    Sound,

    /// <summary>Removed by somebody before it was opened.</summary>
    Gone,

    /// <summary>The system could not read it.</summary>
    Unreadable,

    /// <summary>Wrong at first and right when it was read again: a fault of memory or of the wire, not of the disk.</summary>
    Transient,

    /// <summary>Wrong twice.</summary>
    Damaged,
}
