namespace Larder.Store;

/// <summary>An entry, and whether it is one of the store that is only read.</summary>
internal sealed record FoundEntry(StoreEntry Entry, bool IsLower);
