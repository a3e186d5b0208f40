using System.Diagnostics;
using System.Globalization;
using Larder.Transfer;

namespace Larder.Cli.Output;

/// <summary>Shows a transfer on standard error: bars on a terminal, a line every two seconds where there is none.</summary>
/// <remarks>Nothing is shown, and nothing of the drawing library is loaded, before the first byte moves.</remarks>
internal sealed class TransferDisplay(string what, string parts = "files")
    : IProgress<TransferProgress>,
        IAsyncDisposable
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _start = Stopwatch.GetTimestamp();
    private TransferProgress _latest;
    private TimeSpan _lastLine;
    private Task? _bars;

    public void Report(TransferProgress value)
    {
        lock (_lock)
        {
            _latest = value;
            if (!Console.IsErrorRedirected)
                _bars ??= Task.Run(() => new TransferBars(what, Latest).DrawAsync(_end.Task));
            else if (Elapsed - _lastLine >= LineInterval)
                WriteLine(value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        if (_bars is not null)
            await _bars;
    }

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    private void WriteLine(TransferProgress progress)
    {
        _lastLine = Elapsed;
        var facts = TransferFacts.Of(progress.BytesDone, progress.Bytes, progress.BytesPerSecond, progress.TimeLeft);
        Terminal.Message(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {progress.FilesDone} of {progress.Files} {parts}, {facts}"
            )
        );
    }

    private TransferProgress Latest()
    {
        lock (_lock)
            return _latest;
    }
}
