using Larder.Content;
using Larder.Origins;
using Larder.Store;

namespace Larder.Pull;

/// <summary>The version of a model that somebody has seen: an entry and its manifest.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Manifest">The manifest that it names.</param>
/// <param name="IsLower">Whether it is of the store that is only read.</param>
internal sealed record KnownVersion(StoreEntry Entry, Manifest Manifest, bool IsLower = false)
{
    /// <summary>What this machine has of a key; null when it has nothing that can be read.</summary>
    public static KnownVersion? Find(StoreLayers layers, EntryKey key) =>
        layers.Find(key) is { } found && layers.TryReadManifest(found.Entry.Manifest) is { } manifest
            ? new KnownVersion(found.Entry, manifest, found.IsLower)
            : null;

    /// <summary>Where its files came from, as an entry of this machine has it: under the reference that was asked here.</summary>
    public EntrySource SourceFor(ModelReference reference) => Entry.Source with { Reference = reference.Text };
}
