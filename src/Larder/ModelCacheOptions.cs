using Larder.Pull.Archives;
using Larder.Sharing;
using Larder.Store;
using Larder.Store.Eviction;

namespace Larder;

/// <summary>Where a cache keeps its files and how it gets them.</summary>
public sealed class ModelCacheOptions
{
    /// <summary>The store's directory; made when it is missing. Default: <see cref="DefaultStorePath"/>.</summary>
    public string StorePath { get; set; } = DefaultStorePath();

    /// <summary>A store that is read and never written to, for what <see cref="StorePath"/> does not have; none.</summary>
    /// <remarks>
    /// Such as one that was filled when an image was built, or one on a mount that many share. Where it is the store itself there
    /// is none: so a store can be looked at, and filled, by the same configuration.
    /// </remarks>
    public string? LowerStorePath { get; set; }

    /// <summary>How the files of a snapshot are made from blobs; <see cref="MaterializeMode.Auto"/>.</summary>
    public MaterializeMode Materialize { get; set; } = MaterializeMode.Auto;

    /// <summary>Bytes that the store may hold; null, the default, for no limit but the disk.</summary>
    public long? CapacityBytes { get; set; }

    /// <summary>Bytes of the store's disk that are left to others; 0.</summary>
    public long KeepFreeBytes { get; set; }

    /// <summary>The share of its limit above which the store evicts; 0.95.</summary>
    public double HighWater { get; set; } = 0.95;

    /// <summary>The share of its limit down to which the store evicts then; 0.85.</summary>
    public double LowWater { get; set; } = 0.85;

    /// <summary>What is evicted first: by <c>cost</c>, the default, <c>lru</c> or <c>lfu</c>.</summary>
    public string Policy { get; set; } = EvictionPolicies.Names[0];

    /// <summary>The names that <see cref="Policy"/> may have.</summary>
    public static IReadOnlyList<string> Policies => EvictionPolicies.Names;

    /// <summary>What archives may unpack to.</summary>
    public ArchiveLimits Archives { get; set; } = new();

    /// <summary>How many connections a transfer has at once; 0, the default, for as many as make it faster, 4 to 16.</summary>
    public int Connections { get; set; }

    /// <summary>How many bytes a second all transfers may take together; 0, the default, for no limit.</summary>
    /// <remarks><see cref="ModelCache.BytesPerSecond"/> changes it while they run.</remarks>
    public long BytesPerSecond { get; set; }

    /// <summary>An origin that sends fewer bytes a second over half a minute counts as broken off; 1000, and 0 for no least.</summary>
    public long LeastBytesPerSecond { get; set; } = 1000;

    /// <summary>How long an origin may send nothing before a transfer is given up; 60 s.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often a transfer asks again for what broke off or could not be had at the moment; 5, and once more for every 16 MiB
    /// that arrive.
    /// </summary>
    public int Retries { get; set; } = 5;

    /// <summary>
    /// Where a team keeps what it has pulled; null, the default, for nowhere. Used if its <see cref="SharedCacheOptions.Models"/> is
    /// set; its owner disposes it after the cache.
    /// </summary>
    public SharedCache? Shared { get; set; }

    /// <summary>The environment's <c>LARDER_STORE</c>, else <c>$XDG_CACHE_HOME/larder</c>, else <c>~/.cache/larder</c>.</summary>
    public static string DefaultStorePath()
    {
        if (Environment.GetEnvironmentVariable("LARDER_STORE") is { Length: > 0 } store)
            return store;
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "larder");
    }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(StorePath);
        if (LowerStorePath is { } lower)
            ArgumentException.ThrowIfNullOrWhiteSpace(lower, nameof(LowerStorePath));
        ArgumentOutOfRangeException.ThrowIfNegative(Connections);
        ArgumentOutOfRangeException.ThrowIfNegative(BytesPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegative(LeastBytesPerSecond);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(IdleTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(Retries);
        ArgumentNullException.ThrowIfNull(Archives);
        Archives.Validate();
        if (CapacityBytes is { } capacity)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity, nameof(CapacityBytes));
        ArgumentOutOfRangeException.ThrowIfNegative(KeepFreeBytes);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LowWater, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(HighWater, LowWater);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(HighWater, 1);
        if (EvictionPolicies.Find(Policy) is null)
            throw new ArgumentException(
                $"There is no eviction policy '{Policy}'; there are {string.Join(", ", Policies)}.",
                nameof(Policy)
            );
    }
}
