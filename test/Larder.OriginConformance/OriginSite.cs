using Larder.Origins;
using Larder.TestKit;

namespace Larder.OriginConformance;

/// <summary>An origin with a real server behind it, and a way to change what is there: what the suite needs of each kind.</summary>
/// <remarks>Each test gets one of its own, with nothing in it.</remarks>
public abstract class OriginSite : IAsyncDisposable
{
    /// <summary>The origin under test.</summary>
    public abstract IOrigin Origin { get; }

    /// <summary>Names all that is put here: a directory, a prefix, a repository.</summary>
    public abstract ModelReference Reference { get; }

    /// <summary>References to what is not there, each another way: a bucket, a prefix, a revision.</summary>
    public abstract IReadOnlyList<ModelReference> Missing { get; }

    /// <summary>The same files, asked for by somebody who may not read them; null where there is no such thing.</summary>
    public abstract (IOrigin Origin, ModelReference Reference)? Stranger { get; }

    /// <summary>The same files at a place where no server listens; null where there is no server.</summary>
    public abstract (IOrigin Origin, ModelReference Reference)? Unreachable { get; }

    /// <summary>Whether the digests in its listing are the origin's own.</summary>
    public virtual bool TellsDigests => false;

    /// <summary>Adds a file, or replaces it by another version; returns when readers see it.</summary>
    public abstract Task PutAsync(string path, byte[] bytes);

    /// <summary>Removes a file.</summary>
    public abstract Task DeleteAsync(string path);

    /// <summary>Counted at the server where that is possible: bytes of bodies that it sent; else null.</summary>
    public virtual long? BytesSent => null;

    /// <summary>Secrets that stand in the configuration of this site and may appear nowhere else.</summary>
    public virtual IReadOnlyList<string> Secrets => [];

    /// <summary>A cache on a store of the test's own.</summary>
    public ModelCache OpenCache(TempDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return new ModelCache(
            new ModelCacheOptions { StorePath = directory["store"], Retries = 0 },
            Origin.Schemes.Contains("file") || Origin.Schemes.Contains("http") ? [] : [Origin]
        );
    }

    public abstract ValueTask DisposeAsync();
}
