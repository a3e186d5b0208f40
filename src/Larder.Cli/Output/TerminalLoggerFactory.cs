using Microsoft.Extensions.Logging;

namespace Larder.Cli.Output;

/// <summary>Writes log messages as plain lines on standard error. The hosting stack's console logger would double the start-up time.</summary>
internal sealed class TerminalLoggerFactory(LogLevel least) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
            Terminal.Message($"{logLevel.ToString().ToLowerInvariant()}: {formatter(state, exception)}");
    }

    public void Dispose() { }
}
