using Larder.Store.Index;

namespace Larder.Store;

/// <summary>What a removal did.</summary>
/// <param name="Removed">Entries that are gone.</param>
/// <param name="Kept">Entries that were asked for and are leased or pinned.</param>
/// <param name="FreedBytes">Bytes given back to the file system.</param>
internal sealed record RemovalResult(
    IReadOnlyList<IndexedEntry> Removed,
    IReadOnlyList<IndexedEntry> Kept,
    long FreedBytes
);
