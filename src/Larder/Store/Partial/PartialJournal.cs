using Larder.Content;
using Microsoft.Win32.SafeHandles;

namespace Larder.Store.Partial;

/// <summary>Says of the files in a transfer's staging area what they will be, and which of their blocks are there.</summary>
/// <remarks>
/// Nothing of it is synced, and nothing depends on it: of what it says of a block is believed what is read back and has the
/// checksum that stands here. Safe for concurrent use.
/// </remarks>
internal sealed class PartialJournal : IDisposable
{
    private const string FileName = "journal";

    private readonly SafeFileHandle _file;
    private long _endBytes;
    private volatile bool _isBroken;

    private PartialJournal(SafeFileHandle file)
    {
        _file = file;
        // What was torn at its end stays there, and counts for nothing.
        _endBytes =
            (RandomAccess.GetLength(file) + JournalRecord.SizeBytes - 1)
            / JournalRecord.SizeBytes
            * JournalRecord.SizeBytes;
    }

    /// <summary>Begins the journal of a staging area, or goes on with the one that is there.</summary>
    public static PartialJournal Open(string directory, Digest owner)
    {
        var journal = new PartialJournal(
            File.OpenHandle(PathIn(directory), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite)
        );
        if (journal._endBytes == 0)
            journal.Write(new JournalRecord(JournalRecordKind.Owner, Id: owner));
        return journal;
    }

    /// <summary>Where the journal of a staging area lies.</summary>
    public static string PathIn(string directory) => Path.Combine(directory, FileName);

    /// <summary>A file is begun.</summary>
    public void Begin(int file, Digest id, long sizeBytes) =>
        Write(new JournalRecord(JournalRecordKind.Begin, file, sizeBytes, Id: id));

    /// <summary>A block of a file was written.</summary>
    public void Add(int file, int block, uint checksum) =>
        Write(new JournalRecord(JournalRecordKind.Block, file, block, checksum));

    /// <summary>Nothing of a file counts any more.</summary>
    public void Void(int file) => Write(new JournalRecord(JournalRecordKind.Void, file));

    public void Dispose() => _file.Dispose();

    private void Write(JournalRecord record)
    {
        if (_isBroken)
            return;
        try
        {
            var offset = Interlocked.Add(ref _endBytes, JournalRecord.SizeBytes) - JournalRecord.SizeBytes;
            RandomAccess.Write(_file, record.Encode(), offset);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            // A disk that is full, most likely. The transfer goes on without; should it break off, so much is fetched again.
            _isBroken = true;
        }
    }
}
