using Larder.Content;
using Microsoft.Win32.SafeHandles;

namespace Larder.Store.Scrub;

/// <summary>What came of reading a file again.</summary>
/// <remarks>Keeps the file open until it is disposed: as long, its inode can be no other file's.</remarks>
internal sealed class Verdict(VerdictKind kind, FileStatus status = default, SafeFileHandle? file = null) : IDisposable
{
    public VerdictKind Kind { get; } = kind;

    /// <summary>The file that was looked at, not whatever has its name by now.</summary>
    public FileStatus Status { get; } = status;

    /// <summary>The file, open; null when it could not be opened, or is none.</summary>
    public SafeFileHandle? File { get; } = file;

    /// <summary>Why it is not sound, as the end of a sentence that begins with the file.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The checksums of a sound file that has no good list of them; null when it has, or needs none.</summary>
    public BlockChecksums? MissingChecksums { get; init; }

    /// <summary>Where a damaged file differs; empty when that is not known.</summary>
    public IReadOnlyList<ByteRange> DamagedRanges { get; init; } = [];

    public void Dispose() => File?.Dispose();
}
