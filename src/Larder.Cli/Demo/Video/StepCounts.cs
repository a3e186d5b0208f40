using System.Collections.Concurrent;
using Larder.Diffusion.Graph;

namespace Larder.Cli.Demo.Video;

/// <summary>Counts the steps of nodes, and hands on what it is told.</summary>
internal sealed class StepCounts(IProgress<GraphProgress>? next) : IProgress<GraphProgress>
{
    private readonly ConcurrentDictionary<string, (int Steps, int Planned)> _steps = new(StringComparer.Ordinal);

    public void Report(GraphProgress value)
    {
        if (value.State == NodeState.Stepped)
            _steps[value.Node] = (value.Step, value.Steps);
        next?.Report(value);
    }

    /// <summary>What the nodes of a run did.</summary>
    public IReadOnlyList<VideoNode> NodesOf(GraphResult result) =>
        [
            .. result.Timings.Select(timing =>
            {
                var (steps, planned) = _steps.GetValueOrDefault(timing.Node);
                return new VideoNode(timing.Node, timing.Elapsed, steps, planned);
            }),
        ];
}
