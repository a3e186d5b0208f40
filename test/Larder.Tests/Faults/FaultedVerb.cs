namespace Larder.Tests.Faults;

/// <summary>What a host is doing when a call of it fails.</summary>
internal enum FaultedVerb
{
    /// <summary>The first pull of all, into a store that is not there.</summary>
    FirstPull,

    /// <summary>The same where the files of a snapshot are copies.</summary>
    FirstPullCopied,

    /// <summary>A pull of a newer version of a model that is stored.</summary>
    SecondVersion,

    /// <summary>A pull of what is stored.</summary>
    Hit,

    /// <summary>The removal of one model of two.</summary>
    Clear,

    /// <summary>The eviction of all that is not pinned: one model of two.</summary>
    Evict,

    /// <summary>A verification of all, which repairs a file of one model of two.</summary>
    Repair,

    /// <summary>A look at all that is stored.</summary>
    List,
}
