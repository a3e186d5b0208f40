using Larder.Content;
using Larder.Pull;
using Larder.Store;

namespace Larder.Sharing;

/// <summary>What may be shared, and which of two answers stays.</summary>
internal static class SharedRules
{
    /// <summary>Whether a reference names something on the disk of one machine: to another machine it means another thing, or nothing.</summary>
    public static bool IsOfOneMachine(string reference) =>
        reference.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
        || !reference.Contains("://", StringComparison.Ordinal);

    /// <summary>Whether the answer to a key is the same on every machine.</summary>
    /// <remarks>
    /// A pull from a directory is not, its reference being part of the request. What a pass made is, whatever it was made from:
    /// its request names bytes.
    /// </remarks>
    public static bool CanBeShared(EntryKey key) =>
        key.Kind != PullRequest.Kind
        || (PullRequest.TryRead(key.Request) is { } pull && !IsOfOneMachine(pull.Reference));

    /// <summary>Whether an entry gives way to another because its model may have moved on since.</summary>
    /// <remarks>
    /// Only a pull by a name that can move has a later state; then the one that was compared with the origin last is right, also
    /// where both name the same manifest: it is fresh for longer. What a pass made, or a fixed reference names, never moves.
    /// </remarks>
    /// <param name="key">What both answer.</param>
    /// <param name="there">The one that may give way.</param>
    /// <param name="here">The other.</param>
    /// <param name="now">The present time: what was checked after it, by a clock that is wrong, is no proof, and gives way to any that is.</param>
    public static bool GivesWay(EntryKey key, StoreEntry there, StoreEntry here, DateTimeOffset now) =>
        key.Kind == PullRequest.Kind
        && !there.Source.IsFixed
        && !here.Source.IsFixed
        && Proven(there, now) < Proven(here, now);

    private static DateTimeOffset Proven(StoreEntry entry, DateTimeOffset now) =>
        entry.Checked <= now ? entry.Checked : DateTimeOffset.MinValue;
}
