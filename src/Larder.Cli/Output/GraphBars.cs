using System.Collections.Concurrent;
using Larder.Diffusion.Graph;
using Spectre.Console;

namespace Larder.Cli.Output;

/// <summary>Draws a run of a graph on a terminal: a bar for all of it, and one for each node that is under way.</summary>
internal sealed class GraphBars(string what, Func<IReadOnlyList<GraphProgress>> latest)
{
    private const int BarWidth = 24;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, ProgressTask> _nodes = new(StringComparer.Ordinal);

    // By a bar's number; the library draws on a thread of its own.
    private readonly ConcurrentDictionary<int, string> _facts = new();

    /// <summary>Draws until the end, and leaves the terminal as it was. What ends before it could be read is not drawn.</summary>
    public async Task DrawAsync(Task end)
    {
        if (await Task.WhenAny(end, Task.Delay(Interval)) == end)
            return;
        await AnsiConsole
            .Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
            .Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = BarWidth },
                new FactsColumn(_facts)
            )
            .StartAsync(async context =>
            {
                var all = context.AddTask(Markup.Escape(what));
                while (!end.IsCompleted)
                {
                    Show(context, all, latest());
                    await Task.WhenAny(end, Task.Delay(Interval));
                }
            });
    }

    private void Show(ProgressContext context, ProgressTask all, IReadOnlyList<GraphProgress> underWay)
    {
        foreach (
            var node in _nodes.Keys.Except(underWay.Select(progress => progress.Node), StringComparer.Ordinal).ToList()
        )
        {
            _nodes[node].StopTask();
            _nodes.Remove(node);
        }
        foreach (var progress in underWay)
        {
            Show(all, progress.NodesFinished, progress.Nodes, "nodes");
            if (!_nodes.TryGetValue(progress.Node, out var task))
                _nodes[progress.Node] = task = context.AddTask(Markup.Escape(progress.Node));
            if (progress.Steps > 0)
                Show(task, progress.Step, progress.Steps, "steps");
            else
                task.IsIndeterminate = true;
        }
    }

    private void Show(ProgressTask task, int done, int all, string noun)
    {
        task.IsIndeterminate = false;
        task.MaxValue = all;
        // A bar that is full would go, and its end is when it is under way no more.
        task.Value = Math.Min(done, all * 0.999);
        _facts[task.Id] = FormattableString.Invariant($"{done} of {all} {noun}");
    }
}
