using Larder.Content;

namespace Larder.Store;

internal sealed partial class LocalStore
{
    /// <summary>All pins.</summary>
    public PinSet ReadPins() => PinSet.Read(_layout);

    /// <summary>Pins an entry and a version of it; false when the entry, or that version, is not there.</summary>
    /// <param name="key">The entry.</param>
    /// <param name="version">The version; null for the one that the entry has.</param>
    /// <param name="cancellationToken">Stops the wait for a removal that is under way.</param>
    public async Task<bool> TryPinAsync(EntryKey key, Digest? version, CancellationToken cancellationToken)
    {
        using var staging = await NewStagingAreaAsync(cancellationToken).ConfigureAwait(false);
        // So that nobody removes it between the look and the pin.
        using var commitLock = await LockToLinkAsync(cancellationToken).ConfigureAwait(false);
        if (TryReadEntry(key) is not { } entry || (version is { } wanted && TryReadManifest(wanted) is null))
            return false;
        var staged = staging.NewPath();
        Durability.WriteFile(staged, PinSet.Write(entry, version ?? entry.Manifest));
        Posix.Rename(staged, _layout.Pin(key.Digest));
        Posix.SyncDirectory(_layout.Pins);
        return true;
    }

    /// <summary>Takes a pin off; false when there was none.</summary>
    public bool Unpin(EntryKey key)
    {
        var path = _layout.Pin(key.Digest);
        if (!Posix.Exists(path))
            return false;
        Posix.Unlink(path);
        Posix.SyncDirectory(_layout.Pins);
        return true;
    }
}
