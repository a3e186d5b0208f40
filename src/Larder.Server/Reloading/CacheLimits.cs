using Larder.Graphs;
using Larder.Server.Configuration;

namespace Larder.Server.Reloading;

/// <summary>Gives the caches the limits that have changed.</summary>
internal sealed class CacheLimits(LarderConfiguration started, ModelCache files, GraphCache graphs) : IReloadable
{
    public IReadOnlyList<string> Settings { get; } =
    [
        "graphs.max_graphs",
        "graphs.max_bytes",
        "graphs.policy",
        "graphs.idle_timeout",
        "graphs.wait_for_room",
        "graphs.load_deadline",
        "graphs.memory_pressure",
        "transfer.bytes_per_second",
    ];

    public void Reload(LarderConfiguration configuration)
    {
        // No setting, but what the server was built with.
        configuration.Graphs.ClassifyFailure = started.Graphs.ClassifyFailure;
        graphs.Reconfigure(configuration.Graphs);
        files.BytesPerSecond = configuration.Store.BytesPerSecond;
    }
}
