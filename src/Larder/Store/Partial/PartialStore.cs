using Larder.Content;

namespace Larder.Store.Partial;

/// <summary>What transfers that broke off have left, in <c>partial/</c>: a directory for each, named after whose it was.</summary>
/// <remarks>
/// A directory comes here by one rename from where its writer had it, and goes by one rename to who goes on with it or removes
/// it: two never have the same one.
/// </remarks>
internal sealed class PartialStore(StoreLayout layout, TimeProvider timeProvider)
{
    /// <summary>Nobody has gone on with it for so long: nobody will.</summary>
    public static readonly TimeSpan MostAge = TimeSpan.FromDays(7);

    /// <summary>Keeps the directory of a writer who is gone; false when there is nothing in it to go on with.</summary>
    public static bool TryKeep(StoreLayout layout, string directory)
    {
        if (PartialContents.TryRead(directory) is not { } contents)
            return false;
        contents.RemoveOthers(directory);
        if (!contents.Files.Any(file => file.Blocks.Count > 0 && file.IsIn(directory)))
            return false;
        Posix.Rename(directory, Path.Combine(layout.Partial, $"{contents.Owner}-{Guid.NewGuid():n}"));
        return true;
    }

    /// <summary>Moves what is left of a transfer, the latest if there are several, into the place of an empty directory.</summary>
    public void TryTake(Digest owner, string directory)
    {
        foreach (var left in List().Where(left => left.Owner == owner).OrderByDescending(left => left.LastWrite))
        {
            if (TryRename(left.Path, directory))
                return;
        }
    }

    /// <summary>Everything that is left.</summary>
    public IReadOnlyList<LeftTransfer> List() =>
        Directory.Exists(layout.Partial)
            ? [.. Directory.EnumerateDirectories(layout.Partial).Select(TryLookAt).OfType<LeftTransfer>()]
            : [];

    /// <summary>Which of them to remove so that so many bytes are free, the oldest first, and all that are too old.</summary>
    public IEnumerable<LeftTransfer> Choose(long freeBytes, TimeSpan? olderThan = null)
    {
        var oldest = timeProvider.GetUtcNow() - (olderThan ?? MostAge);
        long freed = 0;
        foreach (var left in List().OrderBy(left => left.LastWrite))
        {
            if (freed >= freeBytes && left.LastWrite >= oldest)
                yield break;
            yield return left;
            freed += left.Bytes;
        }
    }

    /// <summary>Removes some of them; returns the bytes that this gave back to the disk.</summary>
    /// <param name="staging">Where they go before they are deleted.</param>
    /// <param name="chosen">Which.</param>
    public static long Remove(StagingArea staging, IEnumerable<LeftTransfer> chosen)
    {
        long freed = 0;
        foreach (var left in chosen.ToList())
        {
            var taken = staging.NewPath();
            if (!TryRename(left.Path, taken))
                continue;
            Directory.Delete(taken, recursive: true);
            freed += left.Bytes;
        }
        return freed;
    }

    private static bool TryRename(string from, string to)
    {
        try
        {
            Posix.Rename(from, to);
            return true;
        }
        catch (IOException failure) when (failure.HResult == Posix.ENOENT)
        {
            return false; // Somebody else has it.
        }
    }

    private static LeftTransfer? TryLookAt(string path)
    {
        var name = Path.GetFileName(path.AsSpan());
        var end = name.IndexOf('-');
        if (end < 0 || !Digest.TryParse(name[..end], out var owner))
            return null;
        try
        {
            long bytes = 0;
            foreach (var file in Directory.EnumerateFiles(path))
            {
                if (Posix.TryStatus(file, followLinks: false, out var status) && status.Links == 1)
                    bytes += status.AllocatedBytes;
            }
            var lastWrite = new DateTimeOffset(File.GetLastWriteTimeUtc(PartialJournal.PathIn(path)));
            return new LeftTransfer(path, owner, bytes, lastWrite);
        }
        catch (DirectoryNotFoundException)
        {
            return null; // Somebody took it meanwhile.
        }
    }
}
