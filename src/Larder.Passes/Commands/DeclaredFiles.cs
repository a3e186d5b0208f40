using Larder.Content;
using Larder.Store;

namespace Larder.Passes.Commands;

/// <summary>The files and directories beside the workflow that a command reads: checked, copied, looked at again.</summary>
/// <remarks>
/// A link to a file counts as the file. A link to a directory is refused: it may lead round in a circle, or out of what was named.
/// </remarks>
internal sealed class DeclaredFiles
{
    private const int BufferSizeBytes = 1 << 17;
    private const UnixFileMode Executable = UnixFileMode.UserExecute;
    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly string _baseDirectory;
    private readonly IReadOnlyList<string> _names;
    private readonly List<DeclaredFile> _files;

    private DeclaredFiles(string baseDirectory, IReadOnlyList<string> names, List<DeclaredFile> files)
    {
        _baseDirectory = baseDirectory;
        _names = names;
        _files = files;
    }

    /// <summary>What was named, with the absolute paths.</summary>
    public IReadOnlyDictionary<string, string> ByName =>
        _names.ToDictionary(name => name, name => Path.Combine(_baseDirectory, name), StringComparer.Ordinal);

    /// <summary>A name without what says nothing: <c>./scripts/</c> is <c>scripts</c>.</summary>
    public static string Plain(string name)
    {
        var plain = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        return plain.Length > 1 ? plain.TrimEnd('/') : plain;
    }

    /// <summary>Looks at all that is named.</summary>
    /// <param name="baseDirectory">The directory that the names begin at.</param>
    /// <param name="names">What is named.</param>
    /// <param name="fault">Told the place of a name in the list and what is wrong with it.</param>
    public static DeclaredFiles Scan(string baseDirectory, IReadOnlyList<string> names, Action<int, string> fault)
    {
        var files = new List<DeclaredFile>();
        var plain = names.Select(Plain).ToList();
        for (var i = 0; i < plain.Count; i++)
        {
            var name = plain[i];
            var within = plain.FindIndex(other => IsWithin(name, other));
            if (ManifestPath.FaultIn(name) is { } wrong)
                fault(i, $"{Printable.Quote(name)} {wrong}; a path that begins at the workflow file is expected.");
            else if (plain.IndexOf(name) < i || within >= 0)
                fault(i, $"{Printable.Quote(name)} is named already: keep one.");
            else
                Look(name, Path.Combine(baseDirectory, name), isLinkAllowed: true, files, problem => fault(i, problem));
        }
        return new DeclaredFiles(baseDirectory, plain, files);
    }

    /// <summary>Whether a path is one of the files.</summary>
    public bool Has(string path) => _files.Exists(file => file.Path == path);

    /// <summary>Copies the files into a directory, read-only.</summary>
    /// <exception cref="PassException">One is not what it was when its digest went into the key.</exception>
    public void CopyTo(string directory, CancellationToken cancellationToken)
    {
        ThrowIfChanged();
        foreach (var file in _files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var copy = Path.Combine(directory, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file.Source, copy);
            var mode = File.GetUnixFileMode(copy);
            File.SetUnixFileMode(copy, mode.HasFlag(Executable) ? ReadOnly | Executable : ReadOnly);
        }
        // What changed while it was being copied.
        ThrowIfChanged();
    }

    /// <summary>Checks that the copies are as they were made.</summary>
    /// <exception cref="PassException">The program changed one, or somebody the file itself meanwhile.</exception>
    public void ThrowIfCopiesChanged(string directory, CancellationToken cancellationToken)
    {
        var changed = _files.Find(file => !HasSameBytes(file, Path.Combine(directory, file.Path), cancellationToken));
        if (changed is null)
            return;
        ThrowIfChanged();
        throw new PassException(
            PassFailure.Permanent,
            $"The command changed or removed {Printable.Quote(changed.Path)}, one of its declared inputs. Let it write to a file of its own."
        );
    }

    private void ThrowIfChanged()
    {
        var faults = new List<string>();
        var now = Scan(_baseDirectory, _names, (_, problem) => faults.Add(problem))._files;
        if (faults.Count > 0)
            throw Changed(faults[0]);
        var missing = _files.Find(file => !now.Exists(file.IsStill)) ?? now.Find(file => !_files.Exists(file.IsStill));
        if (missing is not null)
            throw Changed($"{Printable.Quote(missing.Path)} is not what it was.");
    }

    private static PassException Changed(string what) =>
        new(PassFailure.Transient, $"A declared input changed while the workflow was running: {what} Run it again.");

    private static bool IsWithin(string name, string directory) =>
        name.StartsWith(directory + "/", StringComparison.Ordinal);

    private static void Look(
        string name,
        string path,
        bool isLinkAllowed,
        List<DeclaredFile> files,
        Action<string> fault
    )
    {
        if (!TryLook(path, out var status))
            fault($"There is no file or directory {Printable.Quote(name)} beside the workflow ('{path}').");
        else if (status.IsFile)
            files.Add(new DeclaredFile(name, path, status));
        else if (!status.IsDirectory)
            fault($"{Printable.Quote(name)} is neither a file nor a directory.");
        else if (!isLinkAllowed && new FileInfo(path).LinkTarget is not null)
            fault(
                $"{Printable.Quote(name)} is a link to a directory, which is not followed: name that directory itself."
            );
        else
        {
            foreach (var child in Directory.EnumerateFileSystemEntries(path).Order(StringComparer.Ordinal))
                Look($"{name}/{Path.GetFileName(child)}", child, isLinkAllowed: false, files, fault);
        }
    }

    private static bool TryLook(string path, out FileStatus status)
    {
        try
        {
            return Posix.TryStatus(path, followLinks: true, out status);
        }
        catch (IOException)
        {
            // A link that leads round in a circle, or a directory that nobody may look into.
            status = default;
            return false;
        }
    }

    private static bool HasSameBytes(DeclaredFile file, string copy, CancellationToken cancellationToken)
    {
        if (!Posix.TryStatus(copy, followLinks: false, out var status) || !status.IsFile)
            return false;
        if (status.SizeBytes != file.Status.SizeBytes)
            return false;
        using var left = File.OpenRead(file.Source);
        using var right = File.OpenRead(copy);
        var (first, second) = (new byte[BufferSizeBytes], new byte[BufferSizeBytes]);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = left.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
            var other = right.ReadAtLeast(second, second.Length, throwOnEndOfStream: false);
            if (!first.AsSpan(0, read).SequenceEqual(second.AsSpan(0, other)))
                return false;
            if (read == 0)
                return true;
        }
    }
}
