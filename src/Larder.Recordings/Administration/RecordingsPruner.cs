using System.Text;
using Larder.Content;
using Larder.Recordings.Files;
using Larder.Store;

namespace Larder.Recordings.Administration;

/// <summary>Removes what no test needs any more.</summary>
/// <param name="directory">The directory.</param>
/// <param name="since">When the last run of all tests began.</param>
/// <param name="used">What was used since then.</param>
/// <param name="timeProvider">The time, to tell what is young.</param>
internal sealed class RecordingsPruner(
    string directory,
    DateTimeOffset since,
    HashSet<Digest> used,
    TimeProvider timeProvider
)
{
    // A recording's attachments are there a moment before it.
    private static readonly TimeSpan AttachmentGrace = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan StagedGrace = TimeSpan.FromHours(1);

    public RecordingsPruneResult Prune(RecordingsPruneOptions options, CancellationToken cancellationToken)
    {
        var files = new RecordingTree(directory).Read(cancellationToken);
        var recordings = files.Where(file => file is { Role: TreeRole.Recording, Entry: FileInfo }).ToList();
        var unused = recordings.Where(file => !IsUsed(file) && WrittenAt(file) < since).ToList();
        var named = NamedBy(recordings.Except(unused), cancellationToken);
        List<TreeFile> removed = [.. unused, .. files.Where(file => IsLeft(file, named))];
        if (!options.DryRun)
            removed = Removed(removed, cancellationToken);
        return new RecordingsPruneResult(
            [.. removed.Select(file => file.Name)],
            removed.Count(file => file.Role == TreeRole.Recording),
            removed.Sum(file => file.SizeBytes),
            options.DryRun
        );
    }

    private bool IsUsed(TreeFile file) => RecordingLayout.TryKeyOf(file.Entry.Name, out var key) && used.Contains(key);

    private bool IsLeft(TreeFile file, HashSet<string> named) =>
        file.Role switch
        {
            TreeRole.Attachment => !named.Contains(file.Name) && IsOlder(file, AttachmentGrace),
            TreeRole.Staged => IsOlder(file, StagedGrace),
            _ => false,
        };

    // By their paths: each folder has its own.
    private static HashSet<string> NamedBy(IEnumerable<TreeFile> recordings, CancellationToken cancellationToken)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var recording in recordings)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // What cannot be read may name any: then nothing is removed.
            var bytes = FileBytes.TryRead(recording.Entry.FullName, FileBytes.MostDocumentBytes, out _);
            foreach (var name in AttachmentNames.Mentioned(Encoding.UTF8.GetString(bytes ?? [])))
                named.Add(Path.Join(Path.GetDirectoryName(recording.Name), name));
        }
        return named;
    }

    private List<TreeFile> Removed(List<TreeFile> files, CancellationToken cancellationToken)
    {
        var removed = new List<TreeFile>();
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsWrittenAnew(file))
                continue;
            if (file.Entry is FileInfo)
                Posix.Unlink(file.Entry.FullName);
            removed.Add(file);
        }
        // From the methods up to the deployments; one that somebody has just put something into stays.
        foreach (
            var folder in files
                .Select(file => Path.GetDirectoryName(file.Name)!)
                .SelectMany(folder => (string[])[folder, Path.GetDirectoryName(folder) ?? ""])
                .Where(folder => folder.Length > 0)
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(folder => folder.Length)
        )
            RemoveEmpty(Path.Join(directory, folder));
        return removed;
    }

    // A process has recorded it since it was looked at.
    private static bool IsWrittenAnew(TreeFile file)
    {
        var before = WrittenAt(file);
        file.Entry.Refresh();
        return WrittenAt(file) != before;
    }

    private static void RemoveEmpty(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // It is not empty, or gone.
        }
    }

    private static DateTimeOffset WrittenAt(TreeFile file) => new(file.Entry.LastWriteTimeUtc);

    private bool IsOlder(TreeFile file, TimeSpan age) => timeProvider.GetUtcNow() - WrittenAt(file) > age;
}
