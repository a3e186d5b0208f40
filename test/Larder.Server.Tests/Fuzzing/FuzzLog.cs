using System.Collections.Concurrent;
using Larder.Graphs;
using Larder.Onnx;
using Larder.Server.Http;
using Larder.Store;
using Microsoft.Extensions.Logging;

namespace Larder.Server.Tests.Fuzzing;

/// <summary>Keeps of a log what should not be in it, and no more: a million requests have much to say.</summary>
internal sealed class FuzzLog : ILoggerProvider, ILogger
{
    private const int Most = 20;
    private const int RequestFailed = 400;

    // Of Kestrel: what nobody caught, so that the connection was closed on its caller.
    private const string Unhandled = "An unhandled exception was thrown by the application";

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentQueue<string> _notes = new();
    private string[] _secrets = [];

    /// <summary>What went wrong by the server's own account, with its stack.</summary>
    public IReadOnlyList<string> Faults => [.. _faults];

    /// <summary>For which requests there was no room, or which a model failed, and why, which their callers are not told.</summary>
    public IReadOnlyList<string> Notes => [.. _notes];

    /// <summary>What it must never say.</summary>
    public void Watch(string[] secrets) => _secrets = secrets;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        var line = formatter(state, exception);
        if (exception is NoRoomException or GraphRoomException or OnnxException && _notes.Count < Most)
            _notes.Enqueue($"{line}: {exception.Message}");
        // That a request failed is its caller's answer too; here counts only what nobody foresaw.
        var isFault =
            exception is not null && eventId.Id == RequestFailed
                ? Problems.Of(exception, "") is null
                : logLevel >= LogLevel.Error || line.Contains(Unhandled, StringComparison.Ordinal);
        if ((isFault || HasSecret(line)) && _faults.Count < Most)
            _faults.Enqueue($"{logLevel} {eventId.Id} {line} {exception}");
    }

    public void Dispose() { }

    private bool HasSecret(string line) =>
        Array.Exists(_secrets, secret => line.Contains(secret, StringComparison.Ordinal));
}
