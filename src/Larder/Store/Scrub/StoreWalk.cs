using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>Lists what lies in the parts of a store, each name and in order, whatever is behind it.</summary>
internal static class StoreWalk
{
    private static readonly EnumerationOptions AllNames = new()
    {
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
    };

    /// <summary>Everything in the directories of two digits below one.</summary>
    /// <param name="root">That directory.</param>
    /// <param name="onFailure">Told which directory could not be read; the others are.</param>
    public static IEnumerable<string> Fanned(string root, Action<string, Exception> onFailure) =>
        Names(root, onFailure).SelectMany(fan => Names(fan, onFailure));

    /// <summary>The blobs, by digest and in the order of digests; other names are nobody's.</summary>
    public static IEnumerable<Digest> Blobs(StoreLayout layout, Action<string, Exception> onFailure) =>
        Fanned(layout.Blobs, onFailure).Where(path => !BlockChecksumFile.IsOne(path)).Select(NameOf).OfType<Digest>();

    /// <summary>The digest that a path of two digits and the rest names; null when it names none.</summary>
    public static Digest? NameOf(string path) => StoreLayout.TryParseFanned(path, out var digest) ? digest : null;

    /// <summary>The names in one directory, in order; none when it is gone.</summary>
    public static IReadOnlyList<string> Names(string directory, Action<string, Exception> onFailure)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(directory, "*", AllNames).Order(StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (IOException) when (File.Exists(directory))
        {
            return []; // A file where a directory should be: no names, and not ours.
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            onFailure(directory, failure);
            return [];
        }
    }
}
