using Larder.Graphs;
using Larder.Onnx.Serving;

namespace Larder.Server.Configuration;

/// <summary>The section <c>graphs</c>.</summary>
internal static class GraphSettings
{
    /// <summary>What of it is the models' own; read before the rest, which finds unknown names.</summary>
    public static OnnxModelsOptions ReadModels(SettingReader graphs)
    {
        var options = new OnnxModelsOptions();
        options.KeepOptimized = graphs.Flag("cold", options.KeepOptimized);
        return options;
    }

    public static GraphCacheOptions Read(SettingReader graphs)
    {
        var options = new GraphCacheOptions();
        options.MaxGraphs = graphs.Whole("max_graphs", options.MaxGraphs, least: 1);
        // The policy of contracts.md's example is the one that comes with budgets in bytes; until then there is lru.
        graphs.NotYet("max_bytes", "policy");
        graphs.FindUnknown();
        return options;
    }
}
