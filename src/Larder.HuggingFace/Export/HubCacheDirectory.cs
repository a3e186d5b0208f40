using System.Text;
using Larder.Store;

namespace Larder.HuggingFace.Export;

/// <summary>Writes the files of a plan into a cache of the Hub's clients.</summary>
/// <remarks>
/// First the blobs, then the links to them, then the list of the commit's files, last the ref: readers take a ref to a
/// commit that is not there, or a link to nothing, for damage. All that is under way lies in <c>blobs/</c> under names that
/// end in <c>.incomplete</c>, which the clients know and clean up; in <c>refs/</c> they would take it for a ref.
/// </remarks>
internal sealed class HubCacheDirectory(
    string root,
    ExportPlan plan,
    Action<ExportStep> stepReached,
    IProgress<WorkProgress>? progress
)
{
    private const string Tag = """
        Signature: 8a477f597d28d172789f06886806bc55
        # This file is a cache directory tag created by larder.
        # For information about cache directory tags, see:
        #	https://bford.info/cachedir/

        """;

    private readonly string _repository = Path.Combine(root, plan.Repository.CacheDirectory);
    private readonly Materializer _materializer = new(MaterializeMode.Auto);

    /// <summary>The directory that has the files under their names.</summary>
    public string Snapshot => Path.Combine(_repository, "snapshots", plan.Commit);

    private string Locks => Path.Combine(root, ".locks");

    private string Blobs => Path.Combine(_repository, "blobs");

    private string Refs => Path.Combine(_repository, "refs");

    private string Trees => Path.Combine(_repository, "trees");

    /// <summary>Does all of it; returns the bytes that were copied.</summary>
    public long Write(CancellationToken cancellationToken)
    {
        MakeRepository();
        stepReached(ExportStep.RepositoryMade);
        var copiedBytes = WriteBlobs(cancellationToken);
        Posix.SyncDirectory(Blobs);
        Link(cancellationToken);
        if (plan.IsWholeCommit)
            WriteTree();
        if (plan.Revision is { } revision)
            WriteRef(revision);
        return copiedBytes;
    }

    // A repository without snapshots counts as damaged, so it appears with all its directories at once. What is under way
    // lies where the clients keep their locks: anything else in the root they would warn of.
    private void MakeRepository()
    {
        Directory.CreateDirectory(Locks);
        WriteTag();
        if (!Posix.Exists(_repository))
        {
            var aside = Path.Combine(Locks, NewName("larder"));
            Directory.CreateDirectory(Path.Combine(aside, "blobs"));
            Directory.CreateDirectory(Path.Combine(aside, "refs"));
            Directory.CreateDirectory(Path.Combine(aside, "snapshots"));
            // Another may have made it meanwhile.
            if (!Posix.TryRenameDirectory(aside, _repository))
                Directory.Delete(aside, recursive: true);
            Posix.SyncDirectory(root);
        }
        Directory.CreateDirectory(Path.Combine(_repository, "snapshots"));
        Directory.CreateDirectory(Blobs);
        Directory.CreateDirectory(Refs);
    }

    private void WriteTag()
    {
        var path = Path.Combine(root, "CACHEDIR.TAG");
        if (!Posix.Exists(path))
            Place(Path.Combine(Locks, NewName("tag")), path, aside => Write(aside, Tag));
    }

    private long WriteBlobs(CancellationToken cancellationToken)
    {
        long copiedBytes = 0;
        var files = plan.Files.DistinctBy(file => file.Blob, StringComparer.Ordinal).ToList();
        foreach (var (number, file) in files.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new WorkProgress(WorkStage.WritingFiles, number, files.Count));
            var path = Path.Combine(Blobs, file.Blob);
            // The clients compare no more either; whoever wants more has them verify it.
            if (Posix.TryStatus(path, out var status) && status.IsFile && status.SizeBytes == file.SizeBytes)
                continue;
            Place(
                NewBlobName(file.Blob),
                path,
                aside =>
                {
                    copiedBytes += Materialize(file, aside);
                    stepReached(ExportStep.BlobWritten);
                }
            );
            stepReached(ExportStep.BlobNamed);
        }
        return copiedBytes;
    }

    // The store's own files are linked: they are read-only, and writing to one of them would show.
    private long Materialize(ExportedFile file, string path)
    {
        try
        {
            return _materializer.Materialize(file.Source, path, file.Digest);
        }
        catch (IOException refused)
            when (refused.HResult is Posix.EXDEV or Posix.EPERM or Posix.EACCES or Posix.EOPNOTSUPP)
        {
            // Another file system, or one without links, or files of another user.
            return Materializer.Copy(file.Source, path, file.Digest);
        }
    }

    private void Link(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Snapshot);
        foreach (var file in plan.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.Combine(Snapshot, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var up = string.Concat(Enumerable.Repeat("../", file.Path.Count(letter => letter == '/') + 2));
            Link(path, $"{up}blobs/{file.Blob}");
            stepReached(ExportStep.Linked);
        }
        foreach (
            var directory in plan
                .Files.Select(file => Path.GetDirectoryName(Path.Combine(Snapshot, file.Path))!)
                .Distinct(StringComparer.Ordinal)
        )
            Durability.SyncUpwards(directory, _repository);
    }

    private void Link(string path, string target)
    {
        if (IsLink(path, target))
            return;
        Place(NewBlobName("link"), path, aside => File.CreateSymbolicLink(aside, target));
    }

    private static bool IsLink(string path, string target) =>
        Posix.TryStatus(path, followLinks: false, out var status)
        && status.IsLink
        && new FileInfo(path).LinkTarget == target;

    // One that is there says more than ours: the clients note in theirs where the Hub keeps each file.
    private void WriteTree()
    {
        var path = Path.Combine(Trees, $"{plan.Commit}.json");
        if (Posix.Exists(path))
            return;
        Directory.CreateDirectory(Trees);
        Place(NewBlobName("tree"), path, aside => Durability.WriteFile(aside, TreeDocument.Write(plan.Files)));
        Posix.SyncDirectory(Trees);
        stepReached(ExportStep.TreeWritten);
    }

    private void WriteRef(string revision)
    {
        var path = Path.Combine(Refs, revision);
        if (Posix.Exists(path) && File.ReadAllText(path) == plan.Commit)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Place(
            NewBlobName("ref"),
            path,
            aside =>
            {
                // Without a line break: the clients take all of it for the commit.
                Write(aside, plan.Commit);
                stepReached(ExportStep.RefWritten);
            }
        );
        Durability.SyncUpwards(Path.GetDirectoryName(path)!, _repository);
        stepReached(ExportStep.RefNamed);
    }

    /// <summary>Makes something under a name of its own and then gives it the name that it is found by.</summary>
    private static void Place(string aside, string path, Action<string> make)
    {
        try
        {
            make(aside);
            Posix.Rename(aside, path);
        }
        finally
        {
            // Also when all went well: of two names of one file a rename removes neither.
            Posix.Unlink(aside);
        }
    }

    private static void Write(string path, string text) => Durability.WriteFile(path, Encoding.ASCII.GetBytes(text));

    private string NewBlobName(string name) => Path.Combine(Blobs, NewName(name) + ".incomplete");

    private static string NewName(string name) => $"{name}.{Guid.NewGuid().ToString("n")[..8]}";
}
