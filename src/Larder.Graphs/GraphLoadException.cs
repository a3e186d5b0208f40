using System.Globalization;
using Larder.Content;
using Larder.Graphs.Failures;

namespace Larder.Graphs;

/// <summary>A graph was not loaded: its load failed a short time ago and was not tried again, or it took too long.</summary>
/// <remarks>Those who waited for a load that failed get its own exception; here it is the inner one.</remarks>
public sealed class GraphLoadException : LarderException
{
    private GraphLoadException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>The key of the graph.</summary>
    public required EntryKey Key { get; init; }

    /// <summary>What is to be expected of the next try.</summary>
    public required GraphFailureKind Kind { get; init; }

    /// <summary>After how long a request will try again.</summary>
    public required TimeSpan RetryAfter { get; init; }

    internal static GraphLoadException Remembered(EntryKey key, RememberedFailure failure, DateTimeOffset now)
    {
        var (ago, retryAfter) = (now - failure.At, failure.Until - now);
        return new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Graph {KeyText.Of(key)} could not be loaded {ago.TotalSeconds:0.#} s ago and was not tried again: {failure.Message.TrimEnd('.')}. {Outlook(failure.Kind)} The next request after {Math.Ceiling(retryAfter.TotalSeconds):0} s will try; to try at once, call ForgetFailure."
            ),
            failure.Failure
        )
        {
            Key = key,
            Kind = failure.Kind,
            RetryAfter = retryAfter,
        };
    }

    internal static GraphLoadException TooSlow(EntryKey key, TimeSpan limit) =>
        new(
            $"The load of graph {KeyText.Of(key)} had not ended after {limit}, the LoadDeadline, and was cancelled. Find out what it waits for, or raise LoadDeadline.",
            null
        )
        {
            Key = key,
            Kind = GraphFailureKind.Transient,
            RetryAfter = TimeSpan.Zero,
        };

    private static string Outlook(GraphFailureKind kind) =>
        kind switch
        {
            GraphFailureKind.Permanent => "It would probably fail again (Permanent).",
            GraphFailureKind.Transient => "It may succeed soon (Transient).",
            _ => "It may succeed when other graphs have been disposed (OutOfMemory).",
        };
}
