using Larder.Graphs;
using Larder.Onnx.Serving;
using Larder.Workers;

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
        var options = new GraphCacheOptions
        {
            ClassifyFailure = failure => OnnxModels.ClassifyFailure(failure) ?? WorkerModels.ClassifyFailure(failure),
        };
        options.MaxGraphs = graphs.Whole("max_graphs", options.MaxGraphs, least: 1);
        options.MaxBytes = graphs.Bytes("max_bytes");
        if (options.MaxBytes is 0)
            graphs.Fault("max_bytes", "is 0; more than 0 is expected, or leave it out for no limit.");
        options.Policy = graphs.Choice("policy", GraphCacheOptions.Policies, options.Policy);
        options.IdleTimeout = Positive(graphs, "idle_timeout", options.IdleTimeout);
        options.WaitForRoom = Positive(graphs, "wait_for_room", options.WaitForRoom);
        options.LoadDeadline = Positive(graphs, "load_deadline", options.LoadDeadline);
        if (!graphs.Flag("memory_pressure", fallback: true))
            options.MemoryPressure = null;
        graphs.FindUnknown();
        return options;
    }

    private static TimeSpan Positive(SettingReader graphs, string name, TimeSpan fallback)
    {
        var time = graphs.Duration(name, fallback);
        // What a timer can wait for.
        if (time == fallback || (time > TimeSpan.Zero && time <= TimeSpan.FromDays(49)))
            return time;
        graphs.Fault(name, "is not more than 0 and at most 49 days.");
        return fallback;
    }
}
