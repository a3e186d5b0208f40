using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>Looks whether all that entries need is there.</summary>
internal sealed class PresenceCheck(LocalStore store, FindingLog log)
{
    // An entry that changes as often between two looks is in use, and not damaged.
    private const int MaxLooks = 5;

    /// <summary>Looks for the manifest and the blobs of an entry.</summary>
    /// <remarks>
    /// Others remove and pull meanwhile, entries first and last. What was missing while an entry was there, the same before
    /// and after the look, is missing.
    /// </remarks>
    public void Run(string entryPath)
    {
        try
        {
            for (var look = 0; look < MaxLooks; look++)
            {
                if (
                    !Posix.TryStatus(entryPath, followLinks: false, out var before)
                    || TryRead(entryPath) is not { } entry
                )
                    return;
                var missing = FindMissing(entry.Manifest);
                if (missing.Count == 0)
                    return;
                if (Posix.TryStatus(entryPath, followLinks: false, out var after) && IsSame(before, after))
                {
                    missing.ForEach(log.Add);
                    return;
                }
            }
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            // What cannot be read the other checks have said.
        }
    }

    private static StoreEntry? TryRead(string path)
    {
        try
        {
            return EntryReader.TryRead(File.ReadAllBytes(path));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // By the time of the last change too: an inode that was freed is soon another's.
    private static bool IsSame(in FileStatus before, in FileStatus after) =>
        before.IsSameFile(after) && before.ChangedNanoseconds == after.ChangedNanoseconds;

    private List<VerifyFinding> FindMissing(Digest digest)
    {
        var path = store.Layout.Manifest(digest);
        if (!Posix.TryStatus(path, out _))
            return [Missing(FindingSubject.Manifest, path, digest)];
        return
        [
            .. (store.TryReadManifest(digest)?.Files ?? [])
                .Select(file => file.Digest)
                .Distinct()
                .Where(blob => !Posix.TryStatus(store.Layout.Blob(blob), out _))
                .Select(blob => Missing(FindingSubject.Blob, store.Layout.Blob(blob), blob)),
        ];
    }

    private static VerifyFinding Missing(FindingSubject subject, string path, Digest digest) =>
        new()
        {
            Subject = subject,
            Fault = FindingFault.Missing,
            Path = path,
            Digest = digest,
            Message =
                $"The {(subject == FindingSubject.Blob ? "blob" : "manifest")} '{path}' is missing, and an entry needs it.",
        };
}
