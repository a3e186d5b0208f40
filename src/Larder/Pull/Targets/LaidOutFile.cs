using System.Globalization;
using Larder.Content;
using Larder.Store;

namespace Larder.Pull.Targets;

/// <summary>What is noted of a file in a directory that a model was laid out in.</summary>
/// <param name="Digest">The SHA-256 of its bytes.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="IsWritten">Whether it was written for the model; false when it was there already, and so is somebody else's.</param>
internal sealed record LaidOutFile(Digest Digest, long SizeBytes, bool IsWritten)
{
    /// <summary>What the system said of it when its bytes were known to be these; null when nobody has looked.</summary>
    public string? Stamp { get; init; }

    /// <summary>The origin's mark of the version of it; null where that is not known.</summary>
    public string? Version { get; init; }

    /// <summary>The stamp of a file: nobody can change it and set all of these back.</summary>
    public static string StampOf(in FileStatus status) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{status.Inode} {status.SizeBytes} {status.ModifiedNanoseconds} {status.ChangedNanoseconds}"
        );

    /// <summary>Whether the bytes of a file are known to be these without reading it.</summary>
    public bool IsStampOf(in FileStatus status) => Stamp is { } stamp && stamp == StampOf(status);
}
