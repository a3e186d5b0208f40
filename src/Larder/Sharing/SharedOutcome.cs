namespace Larder.Sharing;

/// <summary>How a publication ended.</summary>
internal enum SharedOutcome
{
    /// <summary>The entry is there, and it is this one.</summary>
    Published,

    /// <summary>An entry with the same manifest was there.</summary>
    AlreadyThere,

    /// <summary>An entry with another manifest was there, and stays.</summary>
    Different,

    /// <summary>An entry of a model that can move was there, and was checked with its origin earlier than this one.</summary>
    MovedOn,

    /// <summary>An entry that was broken has been replaced.</summary>
    Replaced,

    /// <summary>The store is not written to, or did not take it: a warning says why.</summary>
    NotPublished,
}
