using System.Collections.Concurrent;
using Larder.Content;

namespace Larder.Sharing;

/// <summary>What has proved to be broken in a shared store, so that a publication replaces it although it looks whole.</summary>
/// <remarks>A length is all that a look can tell: that bytes are wrong knows only who has fetched them.</remarks>
internal sealed class KnownBroken
{
    /// <summary>By name, the version of the document that is broken.</summary>
    private readonly ConcurrentDictionary<string, string> _entries = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<Digest, bool> _blobs = new();

    public void Add(SharedObject entry) => _entries[entry.Name] = entry.Tag;

    public void Add(Digest blob) => _blobs[blob] = true;

    public bool Has(SharedObject entry) => _entries.TryGetValue(entry.Name, out var tag) && tag == entry.Tag;

    public bool Has(Digest blob) => _blobs.ContainsKey(blob);

    /// <summary>Another has taken its place.</summary>
    public void Forget(string entry) => _entries.TryRemove(entry, out _);

    /// <summary>It has been sent again.</summary>
    public void Forget(Digest blob) => _blobs.TryRemove(blob, out _);
}
