using System.Diagnostics;
using System.Globalization;
using Larder.Transfer;
using Spectre.Console;

namespace Larder.Cli.Output;

/// <summary>Shows a transfer on standard error: a bar on a terminal, a line every two seconds where there is none.</summary>
/// <remarks>Nothing is shown, and nothing of the drawing library is loaded, before the first byte moves.</remarks>
internal sealed class TransferDisplay(string what) : IProgress<TransferProgress>, IAsyncDisposable
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _start = Stopwatch.GetTimestamp();
    private TransferProgress _latest;
    private TimeSpan _lastLine;
    private Task? _bar;

    public void Report(TransferProgress value)
    {
        lock (_lock)
        {
            _latest = value;
            if (!Console.IsErrorRedirected)
                _bar ??= Task.Run(DrawAsync);
            else if (Elapsed - _lastLine >= LineInterval)
                WriteLine(value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        if (_bar is not null)
            await _bar;
    }

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    private void WriteLine(TransferProgress progress)
    {
        _lastLine = Elapsed;
        var left = progress.TimeLeft is { } time ? $", {Sizes.Time(time)} left" : "";
        Terminal.Message(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {progress.FilesDone} of {progress.Files} files, {Sizes.Bytes(progress.BytesDone)} of {Sizes.Bytes(progress.Bytes)}, {Sizes.Bytes((long)progress.BytesPerSecond)}/s{left}"
            )
        );
    }

    private Task DrawAsync()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(what));
                while (!_end.Task.IsCompleted)
                {
                    TransferProgress progress;
                    lock (_lock)
                        progress = _latest;
                    task.MaxValue = Math.Max(1, progress.Bytes);
                    task.Value = progress.BytesDone;
                    await Task.WhenAny(_end.Task, Task.Delay(100));
                }
            });
    }
}
