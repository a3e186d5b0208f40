using Larder.Recordings.Files;

namespace Larder.Recordings.Administration;

/// <summary>Walks a directory of recordings. Links are not followed.</summary>
internal sealed class RecordingTree(string directory)
{
    // Deployment, then method.
    private const int Depth = 2;

    /// <summary>All files, and the directories that have no place there, sorted by name.</summary>
    public IReadOnlyList<TreeFile> Read(CancellationToken cancellationToken)
    {
        var files = new List<TreeFile>();
        Read(new DirectoryInfo(directory), depth: 0, files, cancellationToken);
        files.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return files;
    }

    private void Read(DirectoryInfo folder, int depth, List<TreeFile> files, CancellationToken cancellationToken)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isLink = entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
            if (!isLink && (IsOthers(entry) || (depth == 0 && entry.Name == RecordingLayout.UsageFolder)))
                continue;
            if (!isLink && depth < Depth && entry is DirectoryInfo below)
                Read(below, depth + 1, files, cancellationToken);
            else
                files.Add(new TreeFile(entry, Path.GetRelativePath(directory, entry.FullName), RoleOf(entry, depth)));
        }
    }

    // Git's own, and a word for readers.
    private static bool IsOthers(FileSystemInfo entry) =>
        entry is FileInfo && entry.Name is ".gitignore" or ".gitattributes" or ".gitkeep" or "README.md";

    private static TreeRole RoleOf(FileSystemInfo entry, int depth)
    {
        if (entry.Name.StartsWith(RecordingLayout.StagedPrefix, StringComparison.Ordinal) && entry is FileInfo)
            return TreeRole.Staged;
        if (depth < Depth)
            return TreeRole.Unknown;
        // A directory or a link in the place of a recording is a recording that cannot be read.
        return RecordingLayout.TryKeyOf(entry.Name, out _) ? TreeRole.Recording
            : RecordingLayout.TryDigestOf(entry.Name, out _) ? TreeRole.Attachment
            : TreeRole.Unknown;
    }
}
