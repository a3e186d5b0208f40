using System.Collections.Concurrent;
using Larder.Transfer;
using Spectre.Console;

namespace Larder.Cli.Output;

/// <summary>Draws a transfer on a terminal: a bar for all of it, and one for each large file that is under way.</summary>
/// <remarks>It takes what it draws from the transfer, rates too, so that a terminal and a log tell the same.</remarks>
internal sealed class TransferBars(string what, Func<TransferProgress> latest)
{
    /// <summary>Smaller files come and go too fast for anybody to read their names.</summary>
    private const long LeastFileBytes = 8_000_000;

    private const int MostFiles = 8;

    /// <summary>As wide as what stands behind a bar can become, with the spaces between the columns.</summary>
    private const int FactsWidth = 46;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, ProgressTask> _files = new(StringComparer.Ordinal);

    // By a bar's number; the library draws on a thread of its own.
    private readonly ConcurrentDictionary<int, string> _facts = new();

    /// <summary>Draws until the end, and leaves the terminal as it was.</summary>
    public Task DrawAsync(Task end)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var width = console.Profile.Width;
        var barWidth = width < 100 ? 12 : 24;
        var nameWidth = Math.Max(12, width - barWidth - FactsWidth);
        return console
            .Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn { Width = barWidth },
                new FactsColumn(_facts)
            )
            .StartAsync(async context =>
            {
                var all = context.AddTask(Name(what, nameWidth));
                while (!end.IsCompleted)
                {
                    var progress = latest();
                    Show(all, progress.BytesDone, progress.Bytes, progress.BytesPerSecond, progress.TimeLeft);
                    if (progress.Files > 1)
                        ShowFiles(context, progress.UnderWay, nameWidth);
                    await Task.WhenAny(end, Task.Delay(Interval));
                }
            });
    }

    private void ShowFiles(ProgressContext context, IReadOnlyList<FileProgress> underWay, int nameWidth)
    {
        var large = underWay.Where(file => file.Bytes is not < LeastFileBytes).Take(MostFiles).ToList();
        foreach (var path in _files.Keys.Except(large.Select(file => file.Path), StringComparer.Ordinal).ToList())
        {
            _files[path].StopTask();
            _files.Remove(path);
        }
        foreach (var file in large)
        {
            if (!_files.TryGetValue(file.Path, out var task))
                _files[file.Path] = task = context.AddTask(Name(file.Path, nameWidth));
            Show(task, file.BytesDone, file.Bytes, file.BytesPerSecond, file.TimeLeft);
        }
    }

    private void Show(ProgressTask task, long done, long? bytes, double rate, TimeSpan? left)
    {
        // Its end is when it is under way no more: until then there may be bytes to verify, and a bar that is full would go.
        task.MaxValue = Math.Max(1, bytes ?? 0);
        task.Value = Math.Min(done, task.MaxValue * 0.999);
        _facts[task.Id] = TransferFacts.Of(done, bytes, rate, left);
    }

    private static string Name(string name, int width) => Markup.Escape(Shortened.Of(name, width));
}
