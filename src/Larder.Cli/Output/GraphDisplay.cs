using System.Diagnostics;
using Larder.Diffusion.Graph;

namespace Larder.Cli.Output;

/// <summary>Shows a run of a graph on standard error: bars on a terminal, a line every two seconds where there is none.</summary>
internal sealed class GraphDisplay(string what) : IProgress<GraphProgress>, IAsyncDisposable
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _start = Stopwatch.GetTimestamp();

    // The latest of each node that is under way.
    private readonly Dictionary<string, GraphProgress> _nodes = new(StringComparer.Ordinal);
    private TimeSpan _lastLine;
    private Task? _bars;

    public void Report(GraphProgress value)
    {
        lock (_lock)
        {
            if (value.State == NodeState.Finished)
                _nodes.Remove(value.Node);
            else
                _nodes[value.Node] = value;
            if (!Console.IsErrorRedirected)
                _bars ??= Task.Run(() => new GraphBars(what, Latest).DrawAsync(_end.Task));
            else if (value.Steps > 0 && Stopwatch.GetElapsedTime(_start) - _lastLine >= LineInterval)
                WriteLine(value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        if (_bars is not null)
            await _bars;
    }

    private void WriteLine(GraphProgress progress)
    {
        _lastLine = Stopwatch.GetElapsedTime(_start);
        Terminal.Message(
            FormattableString.Invariant($"{what}: {progress.Node}, step {progress.Step} of {progress.Steps}")
        );
    }

    private IReadOnlyList<GraphProgress> Latest()
    {
        lock (_lock)
            return [.. _nodes.Values];
    }
}
