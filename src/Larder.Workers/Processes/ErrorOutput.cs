using System.Globalization;
using Larder.Processes;

namespace Larder.Workers.Processes;

/// <summary>What a worker prints: its last words are kept for messages, the rest is logged as far as a log can bear it.</summary>
internal sealed class ErrorOutput
{
    private const int MaxKeptLength = 8 * 1024;
    private const int BufferSizeBytes = 16 * 1024;
    private const int LoggedInARow = 50;

    // What variables are called that have secrets.
    private static readonly string[] SecretNames = ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "KEY"];

    private static readonly TimeSpan LogPeriod = TimeSpan.FromSeconds(10);

    private readonly WorkerStart _start;
    private readonly KeptLines _kept = new(MaxKeptLength);
    private readonly OutputLines _lines;

    // Of the one who reads.
    private long _periodBegan;
    private int _logged;
    private long _leftOut;

    public ErrorOutput(WorkerStart start)
    {
        _start = start;
        _lines = new OutputLines(
            new SecretMask(
                start
                    .Program.Environment.Where(pair =>
                        Array.Exists(SecretNames, name => pair.Key.Contains(name, StringComparison.OrdinalIgnoreCase))
                    )
                    .Select(pair => pair.Value)
            )
        );
        _periodBegan = start.TimeProvider.GetTimestamp();
    }

    /// <summary>A sentence with the last that it printed, to go behind another.</summary>
    public string LastWords =>
        _kept.ToList() is { Count: > 0 } lines
            ? $" The last that it printed: {string.Join('\n', lines)}"
            : " It printed nothing.";

    /// <summary>Reads a stream to its end; never fails.</summary>
    public async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[BufferSizeBytes];
        try
        {
            int read;
            do
            {
                read = await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false);
                foreach (var line in _lines.Add(buffer.AsMemory(0, read), isLast: read == 0))
                {
                    _kept.Add(line);
                    Log(line);
                }
            } while (read > 0);
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The worker is gone and its pipe was closed here.
        }
    }

    private void Log(string line)
    {
        if (_start.TimeProvider.GetElapsedTime(_periodBegan) >= LogPeriod)
        {
            if (_leftOut > 0)
                _start.Logger.LinesLeftOut(_start.Model, _leftOut.ToString(CultureInfo.InvariantCulture));
            _periodBegan = _start.TimeProvider.GetTimestamp();
            (_logged, _leftOut) = (0, 0);
        }
        if (_logged < LoggedInARow)
        {
            _logged++;
            _start.Logger.Printed(_start.Model, line);
        }
        else
            _leftOut++;
    }
}
