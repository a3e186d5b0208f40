using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Larder.TestKit;

/// <summary>Keeps every message for a test to look at.</summary>
public sealed class RecordingLoggerFactory : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message)> _messages = new();

    public IEnumerable<string> Warnings =>
        _messages.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Message);

    public IEnumerable<string> Messages => _messages.Select(entry => entry.Message);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        ArgumentNullException.ThrowIfNull(formatter);
        _messages.Enqueue((logLevel, formatter(state, exception)));
    }

    public void Dispose() { }
}
