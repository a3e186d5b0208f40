using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Larder.Content;

namespace Larder.Store.Partial;

/// <summary>The files of a transfer that is under way, and what one that broke off had left of them.</summary>
internal sealed class PartialFiles : IDisposable
{
    private readonly string _directory;
    private readonly PartialJournal _journal;
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, PartialFile> _left;

    private PartialFiles(string directory, PartialJournal journal, IEnumerable<PartialFile> left)
    {
        _directory = directory;
        _journal = journal;
        // Of two that are the same one is enough.
        _left = left.GroupBy(file => file.Id).ToDictionary(group => group.Key, group => group.First());
    }

    /// <summary>The highest name that a file of the directory has; 0 when there is none.</summary>
    public int LastName { get; private init; }

    /// <summary>Goes on in a directory, in which a transfer that broke off may have left something.</summary>
    /// <param name="directory">The staging area.</param>
    /// <param name="owner">Whose transfer it is.</param>
    public static PartialFiles Open(string directory, Digest owner)
    {
        var left = new List<PartialFile>();
        if (PartialContents.TryRead(directory) is { } contents && contents.Owner == owner)
        {
            // A journal that was damaged meanwhile names less than is there.
            contents.RemoveOthers(directory);
            left.AddRange(contents.Files.Where(file => file.IsIn(directory)));
        }
        else
        {
            Empty(directory);
        }
        return new PartialFiles(directory, PartialJournal.Open(directory, owner), left)
        {
            LastName = left.Select(file => file.Name).DefaultIfEmpty().Max(),
        };
    }

    /// <summary>Takes what is left of a file; once, as two would write to it.</summary>
    public bool TryTake(Digest id, long sizeBytes, [NotNullWhen(true)] out PartialFile? file, out string path)
    {
        lock (_lock)
            _left.Remove(id, out file);
        path = file?.PathIn(_directory) ?? "";
        return file?.SizeBytes == sizeBytes;
    }

    /// <summary>Removes what the transfer has no use for: files that it does not name, or in another version.</summary>
    public void DropRest()
    {
        List<PartialFile> rest;
        lock (_lock)
        {
            rest = [.. _left.Values];
            _left.Clear();
        }
        foreach (var file in rest)
            Drop(file);
    }

    /// <summary>Removes a file that is of no use.</summary>
    public void Drop(PartialFile file)
    {
        _journal.Void(file.Name);
        Posix.Unlink(file.PathIn(_directory));
    }

    /// <summary>A file is begun.</summary>
    public void Begin(string path, Digest id, long sizeBytes) => _journal.Begin(NameOf(path), id, sizeBytes);

    /// <summary>A block of a file was written.</summary>
    public void Add(string path, int block, uint checksum) => _journal.Add(NameOf(path), block, checksum);

    /// <summary>A file is wrong: the next transfer begins it anew.</summary>
    public void Void(string path) => _journal.Void(NameOf(path));

    public void Dispose() => _journal.Dispose();

    private static void Empty(string directory)
    {
        foreach (var path in Directory.EnumerateDirectories(directory).ToList())
            Directory.Delete(path, recursive: true);
        foreach (var path in Directory.EnumerateFiles(directory).ToList())
            Posix.Unlink(path);
    }

    private static int NameOf(string path) => int.Parse(Path.GetFileName(path.AsSpan()), CultureInfo.InvariantCulture);
}
