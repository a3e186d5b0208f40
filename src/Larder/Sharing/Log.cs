using Larder.Content;
using Microsoft.Extensions.Logging;

namespace Larder.Sharing;

internal static partial class Log
{
    [LoggerMessage(
        500,
        LogLevel.Warning,
        "The shared store {Location} has kept its users waiting for {Seconds} s, which is all it may: it is left alone for a minute"
    )]
    public static partial void PatienceSpent(this ILogger logger, string location, double seconds);

    [LoggerMessage(
        501,
        LogLevel.Warning,
        "The shared store {Location} refuses ({Failure}): for a minute nothing is asked of it in this direction ({Direction}): {Reason}"
    )]
    public static partial void Refused(
        this ILogger logger,
        string location,
        SharedFailure failure,
        SharedDirection direction,
        string reason
    );

    [LoggerMessage(502, LogLevel.Warning, "The shared store {Location} did not do what was asked: {Reason}")]
    public static partial void Failed(this ILogger logger, string location, string reason);

    [LoggerMessage(503, LogLevel.Debug, "The shared store {Location} did not do what was asked: {Reason}")]
    public static partial void FailedAgain(this ILogger logger, string location, string reason);

    [LoggerMessage(504, LogLevel.Warning, "Took the shared entry {Name} for a miss: {Reason}")]
    public static partial void EntryIgnored(this ILogger logger, string name, string reason);

    [LoggerMessage(505, LogLevel.Warning, "Did not publish {Key}: {Reason}")]
    public static partial void NotPublished(this ILogger logger, EntryKey key, string reason);

    [LoggerMessage(506, LogLevel.Debug, "Published {Key} as {Manifest}: {Outcome}, {Bytes} bytes sent")]
    public static partial void Published(
        this ILogger logger,
        EntryKey key,
        Digest manifest,
        SharedOutcome outcome,
        long bytes
    );

    [LoggerMessage(
        507,
        LogLevel.Warning,
        "Two results for {Key}: the shared store has {There}, here came {Here}. The first stays; whatever made them does not always make the same of the same"
    )]
    public static partial void Different(this ILogger logger, EntryKey key, Digest there, Digest here);

    [LoggerMessage(508, LogLevel.Information, "Replaced the broken shared entry {Name}")]
    public static partial void Replaced(this ILogger logger, string name);

    [LoggerMessage(
        509,
        LogLevel.Warning,
        "The shared store {Location} cannot be published to: {Reason}. Answers are read from it all the same"
    )]
    public static partial void NotCapable(this ILogger logger, string location, string reason);

    [LoggerMessage(510, LogLevel.Debug, "Waits for {Key}: {Owner} computes it")]
    public static partial void WaitsForLease(this ILogger logger, EntryKey key, string owner);

    [LoggerMessage(511, LogLevel.Information, "Took over the lease of {Key}: {Owner} has not renewed it")]
    public static partial void LeaseTakenOver(this ILogger logger, EntryKey key, string owner);

    [LoggerMessage(512, LogLevel.Information, "Waited {Seconds} s for {Key}, as long as it may take, and computes it")]
    public static partial void LeaseWaitOver(this ILogger logger, EntryKey key, double seconds);

    [LoggerMessage(513, LogLevel.Information, "Lost the lease of {Key} to another: work may be done twice")]
    public static partial void LeaseLost(this ILogger logger, EntryKey key);

    [LoggerMessage(514, LogLevel.Warning, "The blob {Blob} of the shared store {Location} is not what its name says")]
    public static partial void BlobWrong(this ILogger logger, Digest blob, string location);

    [LoggerMessage(515, LogLevel.Warning, "Sent {Count} blobs of {Key} again: somebody has removed them meanwhile")]
    public static partial void SentAgain(this ILogger logger, int count, EntryKey key);
}
