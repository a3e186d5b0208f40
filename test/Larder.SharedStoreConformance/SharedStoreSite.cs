using Larder.Sharing;

namespace Larder.SharedStoreConformance;

/// <summary>A shared store with a real server behind it: what the suite needs of each kind.</summary>
/// <remarks>Each test gets one of its own, with nothing in it.</remarks>
public abstract class SharedStoreSite : IAsyncDisposable
{
    /// <summary>The store under test.</summary>
    public abstract ISharedStore Store { get; }

    /// <summary>The same place as another machine uses it.</summary>
    public abstract ISharedStore Elsewhere { get; }

    /// <summary>A bucket, container or directory that is not there.</summary>
    public abstract ISharedStore Missing { get; }

    /// <summary>The same place, used by somebody who may not; null where that cannot be told.</summary>
    public abstract ISharedStore? Stranger { get; }

    /// <summary>The same place where no server listens; null where there is no server.</summary>
    public abstract ISharedStore? Unreachable { get; }

    /// <summary>Secrets that stand in the configuration of this site and may appear nowhere else.</summary>
    public virtual IReadOnlyList<string> Secrets => [];

    /// <summary>More objects than a page of a list has.</summary>
    public abstract int MoreThanAPage { get; }

    public abstract ValueTask DisposeAsync();
}
