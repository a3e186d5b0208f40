using Larder.Store;

namespace Larder;

/// <summary>Where a cache keeps its files and how it gets them.</summary>
public sealed class ModelCacheOptions
{
    /// <summary>The store's directory; made when it is missing. Default: <see cref="DefaultStorePath"/>.</summary>
    public string StorePath { get; set; } = DefaultStorePath();

    /// <summary>How the files of a snapshot are made from blobs; <see cref="MaterializeMode.Auto"/>.</summary>
    public MaterializeMode Materialize { get; set; } = MaterializeMode.Auto;

    /// <summary>How many files are fetched at once; 4.</summary>
    public int Connections { get; set; } = 4;

    /// <summary>How long an origin may send nothing before a transfer is given up; 60 s.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

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
        ArgumentOutOfRangeException.ThrowIfLessThan(Connections, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(IdleTimeout, TimeSpan.Zero);
    }
}
