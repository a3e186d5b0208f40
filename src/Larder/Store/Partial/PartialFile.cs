using System.Globalization;
using Larder.Content;

namespace Larder.Store.Partial;

/// <summary>A file that a transfer had begun.</summary>
/// <param name="Name">Its name in the staging area.</param>
/// <param name="Id">What it will be.</param>
/// <param name="SizeBytes">How long it will be.</param>
/// <param name="Blocks">The blocks that are said to be there, with their checksums.</param>
internal sealed record PartialFile(int Name, Digest Id, long SizeBytes, IReadOnlyDictionary<int, uint> Blocks)
{
    /// <summary>Where it lies.</summary>
    public string PathIn(string directory) => Path.Combine(directory, Name.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether it is there, and nobody else's.</summary>
    /// <remarks>With a second name it is a blob already, of which others count that nobody writes to it.</remarks>
    public bool IsIn(string directory) =>
        Posix.TryStatus(PathIn(directory), followLinks: false, out var status)
        && status is { IsFile: true, Links: 1 }
        && status.SizeBytes <= SizeBytes;
}
