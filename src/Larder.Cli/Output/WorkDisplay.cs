using System.Diagnostics;
using System.Globalization;

namespace Larder.Cli.Output;

/// <summary>Shows a work on standard error that is counted in things: one line that changes on a terminal, else a line every two seconds.</summary>
/// <remarks>What tells nothing of how far it is still tells that it goes on. Nothing is shown in the first two seconds.</remarks>
internal sealed class WorkDisplay : IProgress<WorkProgress>, IAsyncDisposable
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(200);

    private readonly string _what;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Task _writing;
    private WorkProgress? _latest;

    /// <summary>Begins the display.</summary>
    /// <param name="what">What is worked on.</param>
    public WorkDisplay(string what)
    {
        _what = what;
        _writing = WriteAsync();
    }

    public void Report(WorkProgress value)
    {
        lock (_lock)
            _latest = value;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _writing;
        _end.Dispose();
    }

    private async Task WriteAsync()
    {
        var isTerminal = !Console.IsErrorRedirected;
        var isShown = false;
        try
        {
            await Task.Delay(LineInterval, _end.Token);
            while (true)
            {
                if (isTerminal)
                    Terminal.Draw(Line());
                else
                    Terminal.Message(Line());
                isShown = true;
                await Task.Delay(isTerminal ? DrawInterval : LineInterval, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Its line has no place among the answer's.
            if (isShown && isTerminal)
                Terminal.Draw("");
        }
    }

    private string Line()
    {
        WorkProgress? latest;
        lock (_lock)
            latest = _latest;
        var time = Sizes.Time(Stopwatch.GetElapsedTime(_start));
        return latest is { } progress
            ? string.Create(CultureInfo.InvariantCulture, $"{_what}: {Facts(progress)}, {time}")
            : $"{_what}: at work, {time}";
    }

    private static string Facts(WorkProgress progress)
    {
        var (done, things) = progress.Stage switch
        {
            WorkStage.ReadingEntries => ("read", "entries"),
            WorkStage.ReadingManifests => ("read", "manifests"),
            WorkStage.ReadingFiles => ("read", "files"),
            WorkStage.WritingFiles => ("written", "files"),
            _ => ("removed", "objects"),
        };
        return progress.Total is { } total
            ? string.Create(CultureInfo.InvariantCulture, $"{progress.Done} of {total} {things} {done}")
            : string.Create(CultureInfo.InvariantCulture, $"{progress.Done} {things} {done}");
    }
}
