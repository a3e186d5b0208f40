using Larder.Content;
using Larder.Store;

namespace Larder.Pull.Targets;

/// <summary>Lays out one snapshot in a directory that nobody else lays out in meanwhile.</summary>
internal sealed class LayOut
{
    private readonly TargetDirectory _target;
    private readonly Snapshot _snapshot;
    private readonly TargetRecord _before;
    private readonly TargetRecord _after;
    private readonly TargetWriter _writer;
    private readonly IReadOnlyDictionary<string, string> _versions;

    public LayOut(TargetDirectory target, Snapshot snapshot)
    {
        _target = target;
        _snapshot = snapshot;
        _before = TargetRecord.Read(target.Path);
        _writer = new TargetWriter(target.Path, target.HardLinks);
        _after = new TargetRecord
        {
            Reference = snapshot.Reference.Text,
            Version = snapshot.Digest,
            Directories = [.. _before.Directories],
        };
        _versions = snapshot.FindSource()?.Versions ?? new Dictionary<string, string>(StringComparer.Ordinal);
    }

    public LayOutResult Run(CancellationToken cancellationToken)
    {
        ThrowIfNameIsTaken();
        Sweep();
        var wrong = LookAtFiles(cancellationToken);
        var gone = _before
            .Files.Where(pair => pair.Value.IsWritten && !_after.Files.ContainsKey(pair.Key))
            .ToDictionary(StringComparer.Ordinal);
        if (wrong.Count == 0 && gone.Count == 0)
        {
            WriteRecordIfItMatters();
            return Result(wrong, removed: 0);
        }

        // Before the first file: should this be killed, the next one still knows what was written here.
        Announce(wrong, gone);
        var removed = Remove(gone.Where(pair => IsInTheWay(pair.Key, wrong)));
        foreach (var file in wrong)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Write(file);
        }
        removed += Remove(gone.Where(pair => !IsInTheWay(pair.Key, wrong)));
        RemoveEmptyDirectories();
        foreach (var directory in DirectoriesOf(_snapshot.Manifest.Files).Append(_target.Path))
            Posix.SyncDirectory(directory);
        _after.Directories.UnionWith(_writer.Made);
        _after.Write(_target.Path);
        return Result(wrong, removed);
    }

    private void ThrowIfNameIsTaken()
    {
        if (_snapshot.Manifest.Files.Any(file => file.Path == TargetRecord.FileName))
            throw new LayOutException(
                _target.Path,
                $"'{_snapshot.Reference}' has a file '{TargetRecord.FileName}', which is the name of Larder's own list of what it has laid out. Leave it out with --exclude '/{TargetRecord.FileName}'."
            );
    }

    private void Sweep()
    {
        foreach (var directory in DirectoriesOf(_snapshot.Manifest.Files).Append(_target.Path))
            TemporaryName.Sweep(directory);
    }

    private IEnumerable<string> DirectoriesOf(IEnumerable<ManifestFile> files) =>
        files
            .Select(file => Path.GetDirectoryName(Path.Join(_target.Path, file.Path))!)
            .Distinct(StringComparer.Ordinal)
            .Where(directory => directory != _target.Path);

    /// <summary>Notes the files that are right; returns those that are not.</summary>
    private List<ManifestFile> LookAtFiles(CancellationToken cancellationToken)
    {
        var wrong = new List<ManifestFile>();
        foreach (var file in _snapshot.Manifest.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.Join(_target.Path, file.Path);
            var noted = _before.Files.GetValueOrDefault(file.Path);
            if (
                _writer.IsBelowRoot(file.Path)
                && Posix.TryStatus(path, followLinks: false, out var status)
                && !IsUnaskedLink(file, status)
                && _target.Has(path, status, file, noted)
            )
                Note(file, status, isWritten: noted is { IsWritten: true } && noted.Digest == file.Digest);
            else
            {
                Note(file, null, isWritten: true);
                wrong.Add(file);
            }
        }
        return wrong;
    }

    // Somebody asked for links once, and does not any more: what he does to his files must do nothing to the store.
    private bool IsUnaskedLink(ManifestFile file, in FileStatus status) =>
        !_target.HardLinks
        && status.Links > 1
        && Posix.TryStatus(Path.Join(_snapshot.Path, file.Path), followLinks: false, out var stored)
        && stored.IsSameFile(status);

    private void Note(ManifestFile file, FileStatus? status, bool isWritten) =>
        _after.Files[file.Path] = new LaidOutFile(file.Digest, file.SizeBytes, isWritten)
        {
            Stamp = status is { } known ? LaidOutFile.StampOf(known) : null,
            Version = _versions.GetValueOrDefault(file.Path) ?? VersionBefore(file),
        };

    // Of an earlier version of a model nobody keeps where it came from but this list.
    private string? VersionBefore(ManifestFile file) =>
        _before.Files.GetValueOrDefault(file.Path) is { } noted && noted.Digest == file.Digest ? noted.Version : null;

    private void Announce(List<ManifestFile> wrong, Dictionary<string, LaidOutFile> gone)
    {
        var announced = new TargetRecord
        {
            Reference = _after.Reference,
            Files = new Dictionary<string, LaidOutFile>(_after.Files, StringComparer.Ordinal),
            Directories = [.. _before.Directories, .. wrong.SelectMany(file => Above(file.Path)).Where(IsMissing)],
        };
        foreach (var (path, file) in gone)
            announced.Files[path] = file;
        // What was here before is not yet what it will be; of a file that was somebody else's only the new bytes are ours.
        foreach (var file in wrong)
            announced.Files[file.Path] = announced.Files[file.Path] with { Stamp = null };
        announced.Write(_target.Path);
    }

    private bool IsMissing(string directory) =>
        !Posix.TryStatus(Path.Join(_target.Path, directory), followLinks: false, out _);

    private static IEnumerable<string> Above(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
            yield return path[..slash];
    }

    private static bool IsInTheWay(string path, List<ManifestFile> wrong) =>
        wrong.Exists(file =>
            file.Path.StartsWith($"{path}/", StringComparison.Ordinal)
            || path.StartsWith($"{file.Path}/", StringComparison.Ordinal)
        );

    private void Write(ManifestFile file)
    {
        // A directory that was the earlier version's, and is empty now, makes place for a file.
        if (_before.Directories.Contains(file.Path))
            TryRemoveDirectory(file.Path);
        var status = _writer.Write(Path.Join(_snapshot.Path, file.Path), file);
        Note(file, status, isWritten: true);
        _target.Remember(file.Path, file.Digest, status);
    }

    private int Remove(IEnumerable<KeyValuePair<string, LaidOutFile>> files)
    {
        var removed = 0;
        foreach (var (path, noted) in files)
            removed += TryRemove(path, noted) ? 1 : 0;
        return removed;
    }

    /// <summary>Removes a file of an earlier version, if it still is what was written.</summary>
    private bool TryRemove(string relative, LaidOutFile noted)
    {
        var path = Path.Join(_target.Path, relative);
        if (
            !_writer.IsBelowRoot(relative)
            || !Posix.TryStatus(path, followLinks: false, out var status)
            || !_target.Has(path, status, new ManifestFile(relative, noted.SizeBytes, noted.Digest), noted)
        )
            return false;
        Posix.Unlink(path);
        foreach (var directory in Above(relative).Reverse().Where(_before.Directories.Contains))
            TryRemoveDirectory(directory);
        return true;
    }

    private void RemoveEmptyDirectories()
    {
        foreach (var directory in _before.Directories.OrderByDescending(path => path.Length))
            TryRemoveDirectory(directory);
        _after.Directories.RemoveWhere(path => !_writer.IsBelowRoot($"{path}/"));
    }

    private void TryRemoveDirectory(string relative)
    {
        if (
            _writer.IsBelowRoot($"{relative}/")
            && !Directory.EnumerateFileSystemEntries(Path.Join(_target.Path, relative)).Any()
        )
            Directory.Delete(Path.Join(_target.Path, relative));
    }

    // A directory that is only read, in an image for instance, may have all that is wanted, and then nothing is wanted of it.
    private void WriteRecordIfItMatters()
    {
        if (_after.IsSame(_before))
            return;
        try
        {
            _after.Write(_target.Path);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            // The next one reads the files again.
        }
    }

    private LayOutResult Result(List<ManifestFile> written, int removed) =>
        new(
            _target.Path,
            written.Count,
            _snapshot.Manifest.Files.Count - written.Count,
            removed,
            written.Sum(file => file.SizeBytes)
        );
}
