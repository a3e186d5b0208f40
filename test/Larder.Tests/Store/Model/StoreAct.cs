namespace Larder.Tests.Store.Model;

/// <summary>What is done to a store in one step of a random sequence.</summary>
internal enum StoreAct
{
    /// <summary>The origin has another version from now on.</summary>
    Publish,

    /// <summary>A pull that the store may answer.</summary>
    Pull,

    /// <summary>A pull that asks the origin.</summary>
    Refresh,

    /// <summary>A pull of a named version, without the origin.</summary>
    PullVersion,

    /// <summary>A pull by another cache, which keeps the lease.</summary>
    Lease,

    /// <summary>One of these leases is given back.</summary>
    Release,

    /// <summary>An eviction down to so many bytes, after a dry run.</summary>
    EvictToBytes,

    /// <summary>An eviction of what was not used for so long, after a dry run.</summary>
    EvictOlder,

    Clear,
    ClearAll,
    Pin,
    Unpin,

    /// <summary>A bit of a blob flips, and a verification repairs it.</summary>
    FlipAndRepair,

    /// <summary>A refresh whose commit fails after a step.</summary>
    FailedCommit,

    /// <summary>A process is killed after a step of its commit.</summary>
    KilledCommit,

    /// <summary>A process is killed when it has taken the names away in a clear.</summary>
    KilledClear,

    /// <summary>The cache is closed and opened again.</summary>
    Restart,

    /// <summary>Time passes.</summary>
    Wait,
}
