namespace Larder.Pull.Archives;

/// <summary>An entry of an archive, as the archive has it: nothing of it is to be believed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it says it is.</param>
/// <param name="SizeBytes">How many bytes it says it has.</param>
internal sealed record ArchiveEntry(string Name, ArchiveEntryKind Kind, long SizeBytes)
{
    /// <summary>Why it is never unpacked, to be read after its name; empty for files and directories.</summary>
    public string Fault { get; init; } = "";

    /// <summary>Opens its bytes; once, before the next entry is asked for.</summary>
    public Func<Stream> Open { get; init; } = static () => Stream.Null;

    /// <summary>The CRC-32 of its bytes; null where the archive has none.</summary>
    public uint? Checksum { get; init; }
}
