using System.Globalization;
using Larder.Content;

namespace Larder.Pull.Archives;

/// <summary>Holds an archive to its limits while it is read.</summary>
internal sealed class ArchiveBudget(ArchiveLimits limits, string archive, long archiveBytes)
{
    /// <summary>Repetitive files, of which a ratio says nothing, are small.</summary>
    private const long BytesWithoutRatio = 16 << 20;

    private long _bytes;
    private int _entries;

    public ArchiveLimits Limits => limits;

    /// <summary>Counts an entry, of whatever kind.</summary>
    public void CountEntry(string entry)
    {
        if (++_entries > limits.MaxEntries)
            throw TooMuch(entry, Text($"lists more than {limits.MaxEntries} entries"), "max_entries");
    }

    /// <summary>Counts bytes that were unpacked, whether they are wanted or not.</summary>
    public void CountBytes(int count, string entry)
    {
        ThrowIfMore(entry, count);
        _bytes += count;
    }

    /// <summary>Refuses what an entry announces before any of it is read; it may announce too little.</summary>
    public void Announce(long bytes, string entry) => ThrowIfMore(entry, bytes);

    public void CheckDepth(string path, string entry)
    {
        var depth = path.AsSpan().Count('/') + 1;
        if (depth > limits.MaxDepth)
            throw TooMuch(
                entry,
                Text($"has a path of {depth} segments, {Printable.Quote(entry)}; the limit is {limits.MaxDepth}"),
                "max_depth"
            );
    }

    private void ThrowIfMore(string entry, long more)
    {
        var bytes = _bytes > long.MaxValue - more ? long.MaxValue : _bytes + more;
        if (bytes > limits.MaxBytes)
            throw TooMuch(
                entry,
                Text(
                    $"unpacks to more than {limits.MaxBytes} bytes: with {Printable.Quote(entry)} it is {bytes} or more"
                ),
                "max_bytes"
            );
        if (bytes > BytesWithoutRatio && bytes / limits.MaxRatio > archiveBytes)
            throw TooMuch(
                entry,
                Text(
                    $"unpacks to more than {limits.MaxRatio} times its own size: it has {archiveBytes} bytes, and with {Printable.Quote(entry)} it is {bytes} or more"
                ),
                "max_ratio"
            );
    }

    private ArchiveException TooMuch(string entry, string what, string setting) =>
        new(
            archive,
            entry,
            $"'{archive}' {what}. Nothing was stored. If you know where it comes from, raise archives.{setting}."
        );

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
