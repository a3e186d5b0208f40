using Larder.Content;
using Larder.Sharing;

namespace Larder.Passes.Running;

/// <summary>An entry that answers a step, whose files nobody has looked at yet.</summary>
/// <param name="Key">The key that the entry was found by, or made for.</param>
/// <param name="Manifest">The files.</param>
/// <param name="SizeBytes">Bytes of all of them.</param>
/// <param name="Duration">How long it took to compute.</param>
internal sealed record StepAnswer(EntryKey Key, Digest Manifest, long SizeBytes, TimeSpan Duration)
{
    /// <summary>The entry of the shared store; null for one of the local store.</summary>
    public SharedEntry? Shared { get; init; }

    /// <summary>Whether it was found by the bytes of the input.</summary>
    public bool ByContent { get; init; }

    /// <summary>The run that has computed it; null for what was there.</summary>
    public object? ComputedBy { get; init; }

    public static StepAnswer Of(CachedModel model, EntryKey key, bool byContent) =>
        new(key, model.Digest, model.SizeBytes, model.Duration) { ByContent = byContent };

    public static StepAnswer Of(SharedEntry entry, bool byContent) =>
        new(entry.Key, entry.Manifest, entry.SizeBytes, entry.Duration) { Shared = entry, ByContent = byContent };
}
