using Microsoft.Extensions.Logging;

namespace Larder.Graphs.Tests;

/// <summary>Keeps what was logged, and lets a test wait for a message.</summary>
internal sealed class RecordingLogger<T> : ILogger<T>
{
    private readonly Lock _lock = new();
    private readonly List<(LogLevel Level, string Message)> _entries = [];
    private TaskCompletionSource _more = NewSignal();

    /// <summary>Waits for the first message that contains a text, and returns its level.</summary>
    public async Task<LogLevel> WaitForAsync(string text)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                var found = _entries.FindIndex(entry => entry.Message.Contains(text, StringComparison.Ordinal));
                if (found >= 0)
                    return _entries[found].Level;
                more = _more.Task;
            }
            await more;
        }
    }

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        lock (_lock)
        {
            _entries.Add((logLevel, formatter(state, exception)));
            _more.SetResult();
            _more = NewSignal();
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
