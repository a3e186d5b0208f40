using Larder.Content;

namespace Larder.Pull.Archives;

/// <summary>An archive cannot be unpacked, or may not be; nothing of it was stored.</summary>
public sealed class ArchiveException : LarderException
{
    /// <summary>Creates the failure.</summary>
    public ArchiveException(string archive, string? entry, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Archive = archive;
        Entry = entry;
    }

    /// <summary>The archive's reference, without query string and user information.</summary>
    public string Archive { get; }

    /// <summary>The entry that it is about, as the archive spells it; null when it is about all of it.</summary>
    public string? Entry { get; }

    /// <summary>An entry that may not or cannot be unpacked.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="entry">The entry's name.</param>
    /// <param name="fault">What is wrong, to be read after the name.</param>
    /// <param name="inner">What said so.</param>
    internal static ArchiveException Refused(string archive, string entry, string fault, Exception? inner = null) =>
        new(
            archive,
            entry,
            $"{Printable.Quote(entry)} in '{archive}' {fault.TrimEnd('.')}. Nothing was stored. Leave it out with --exclude, pull the archive as it is with --unpack none, or have it packed anew.",
            inner
        );

    /// <summary>An archive that ends too early, or makes no sense.</summary>
    internal static ArchiveException Damaged(string archive, string fault, Exception? inner = null) =>
        new(
            archive,
            entry: null,
            $"'{archive}' {fault.TrimEnd('.')}. Nothing was stored. Pull again, and if it happens again have it packed anew.",
            inner
        );
}
