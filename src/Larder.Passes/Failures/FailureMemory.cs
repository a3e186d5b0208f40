using System.Globalization;
using Larder.Content;
using Larder.Derived;
using Larder.Passes.Running;
using Larder.Store;
using Microsoft.Extensions.Logging;

namespace Larder.Passes.Failures;

/// <summary>What failed on this machine a while ago, and is not tried again before its time is over.</summary>
/// <remarks>Nothing of it is shared: what one machine cannot do, another may.</remarks>
internal sealed class FailureMemory(
    ModelCache cache,
    WorkflowRunnerOptions options,
    TimeProvider timeProvider,
    ILogger logger
)
{
    /// <summary>The failure that is remembered of a key; null when there is none.</summary>
    /// <param name="key">A key in the chain or by content.</param>
    /// <param name="since">Only one that was noted then or later; null for any.</param>
    public FailureNote? TryRead(EntryKey key, DateTimeOffset? since) =>
        cache.TryReadFailure(key) is { } note && (since is null || note.Noted >= since) ? note : null;

    /// <summary>Lets nobody run again what failed a while ago.</summary>
    /// <exception cref="PassException">It failed, and that is remembered.</exception>
    public void ThrowIfRemembered(PlannedStep step, EntryKey key, DateTimeOffset? since)
    {
        if (TryRead(key, since) is { } note)
            throw new PassException(
                Enum.TryParse<PassFailure>(note.Kind, out var failure) ? failure : PassFailure.Transient,
                $"{step}: {Describe(note)}"
            );
    }

    /// <summary>The failure in words: when it was, why, how long it is remembered, and how to try again.</summary>
    public string Describe(FailureNote note) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"It failed {Age(timeProvider.GetUtcNow() - note.Noted)} ago, at {note.Noted:u}: {note.Message.TrimEnd('.')}. That is remembered until {note.Until:u} ({note.Kind.ToLowerInvariant()} failure); to try again before, run with --retry."
        );

    /// <summary>Remembers a failure under all keys of a step.</summary>
    public async Task NoteAsync(IEnumerable<EntryKey> keys, PassFailure failure, string message)
    {
        if (options.FailuresFor(failure) is var keepFor && keepFor == TimeSpan.Zero)
            return;
        try
        {
            // Not cancelled with the run that failed: others wait for this to be said.
            foreach (var key in keys)
                await cache
                    .NoteFailureAsync(key, failure.ToString(), message, keepFor, CancellationToken.None)
                    .ConfigureAwait(false);
        }
        catch (StoreException unwritable)
        {
            logger.FailureNotNoted(unwritable.Message);
        }
    }

    /// <summary>Forgets what is remembered of a step that went well.</summary>
    public void Forget(IEnumerable<EntryKey> keys)
    {
        try
        {
            foreach (var key in keys.Where(key => cache.TryReadFailure(key) is not null))
                cache.ForgetFailure(key);
        }
        catch (StoreException unwritable)
        {
            logger.FailureNotNoted(unwritable.Message);
        }
    }

    private static string Age(TimeSpan age) =>
        age.TotalMinutes < 2 ? Plural((long)Math.Max(0, age.TotalSeconds), "second")
        : age.TotalHours < 2 ? Plural((long)age.TotalMinutes, "minute")
        : Plural((long)age.TotalHours, "hour");

    private static string Plural(long count, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 ? "" : "s")}");
}
