namespace Larder.Store;

/// <summary>An entry found while listing the store: its file, its kind, its document.</summary>
internal sealed record ListedEntry(string Path, string Kind, StoreEntry Entry);
