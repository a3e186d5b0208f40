using Larder.Store;

namespace Larder.Passes.Commands;

/// <summary>A file beside the workflow that a command reads.</summary>
/// <param name="Path">Where it lies in the working directory: relative, with '/'.</param>
/// <param name="Source">Where it is: absolute.</param>
/// <param name="Status">What the system told of it when it was looked at.</param>
internal sealed record DeclaredFile(string Path, string Source, FileStatus Status)
{
    /// <summary>Whether the file that was looked at later is still the one, with the same bytes.</summary>
    public bool IsStill(DeclaredFile later) =>
        Path == later.Path
        && Status.IsSameFile(later.Status)
        && Status.SizeBytes == later.Status.SizeBytes
        && Status.ModifiedNanoseconds == later.Status.ModifiedNanoseconds
        && Status.ChangedNanoseconds == later.Status.ChangedNanoseconds;
}
