using Larder.Content;
using Larder.Store.Scrub;

namespace Larder.Store.Partial;

/// <summary>What a journal says, read to its end.</summary>
internal sealed class PartialContents
{
    private readonly Dictionary<int, PartialFile> _files = [];

    private PartialContents(Digest owner) => Owner = owner;

    /// <summary>Whose transfer it was.</summary>
    public Digest Owner { get; }

    /// <summary>Its files, but for those that turned out to be wrong.</summary>
    public IEnumerable<PartialFile> Files => _files.Values;

    /// <summary>Reads the journal of a directory; null when there is none that can be read.</summary>
    public static PartialContents? TryRead(string directory)
    {
        try
        {
            using var journal = File.OpenRead(PartialJournal.PathIn(directory));
            return Read(journal);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            return null;
        }
    }

    /// <summary>Removes everything that is neither the journal nor one of its files.</summary>
    /// <remarks>Snapshots that were being built, names of blobs, lists of checksums: all that is quickly made again.</remarks>
    public void RemoveOthers(string directory)
    {
        foreach (var path in Directory.EnumerateDirectories(directory).ToList())
            Directory.Delete(path, recursive: true);
        var own = Files
            .Select(file => file.PathIn(directory))
            .Append(PartialJournal.PathIn(directory))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(directory).Where(path => !own.Contains(path)).ToList())
            Posix.Unlink(path);
        // Last, as a name that went just now may have been their second one.
        foreach (var file in Files.Where(file => !file.IsIn(directory)))
            Posix.Unlink(file.PathIn(directory));
    }

    private static PartialContents? Read(Stream journal)
    {
        var bytes = new byte[JournalRecord.SizeBytes];
        PartialContents? contents = null;
        while (journal.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length)
        {
            if (JournalRecord.TryDecode(bytes) is not { } record)
                continue;
            if (record.Kind == JournalRecordKind.Owner)
                contents ??= new PartialContents(record.Id);
            else
                contents?.Add(record);
        }
        return contents;
    }

    private void Add(JournalRecord record)
    {
        switch (record.Kind)
        {
            case JournalRecordKind.Begin when record.Value > 0:
                _files[record.File] = new PartialFile(
                    record.File,
                    record.Id,
                    record.Value,
                    new Dictionary<int, uint>()
                );
                break;
            case JournalRecordKind.Block
                when _files.TryGetValue(record.File, out var file)
                    && record.Value >= 0
                    && record.Value < BlockChecksums.BlockCount(file.SizeBytes):
                ((Dictionary<int, uint>)file.Blocks)[(int)record.Value] = record.Checksum;
                break;
            case JournalRecordKind.Void:
                _files.Remove(record.File);
                break;
            default:
                // Of a version to come.
                break;
        }
    }
}
