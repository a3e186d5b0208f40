using Microsoft.Extensions.Logging;

namespace Larder.Graphs;

/// <summary>A logger that does not throw: a provider that fails must not leave a graph undisposed or a caller waiting.</summary>
internal sealed class SafeLogger(ILogger inner) : ILogger
{
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // There is nobody else to tell.
        }
    }

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);
}
