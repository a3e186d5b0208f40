using Larder.Server.Configuration;
using Larder.Sharing;
using Microsoft.Extensions.Logging;

namespace Larder.Server;

/// <summary>The cache over the team's store, and the store; who opens it disposes both with it.</summary>
public sealed class TeamCache : IAsyncDisposable
{
    private readonly ISharedStore _store;

    private TeamCache(ISharedStore store, SharedCache cache) => (_store, Cache) = (store, cache);

    /// <summary>What the team has made and fetched.</summary>
    public SharedCache Cache { get; }

    /// <summary>Opens a team's store; nothing is asked before it is used.</summary>
    /// <param name="team">Where it is and how it is used.</param>
    /// <param name="configuration">The settings of the origins.</param>
    /// <param name="timeProvider">The clock; the system's when null.</param>
    /// <param name="loggerFactory">Where warnings go; nowhere when null.</param>
    public static TeamCache Open(
        TeamStore team,
        LarderConfiguration configuration,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null
    )
    {
        ArgumentNullException.ThrowIfNull(team);
        var store = SharedStores.Open(team.Url, configuration);
        return new TeamCache(store, new SharedCache(store, team.Options, timeProvider, loggerFactory));
    }

    /// <summary>Ends what is under way, and closes connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await Cache.DisposeAsync().ConfigureAwait(false);
        (_store as IDisposable)?.Dispose();
    }
}
