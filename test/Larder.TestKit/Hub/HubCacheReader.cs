using System.Text;
using System.Text.Json;

namespace Larder.TestKit.Hub;

/// <summary>Reads a cache of the Hub's clients by their rules, strictly: what they would warn of fails.</summary>
public sealed class HubCacheReader
{
    private static readonly string[] Kinds = ["models", "datasets", "spaces"];

    private readonly string _root;
    private readonly string _repository;

    /// <summary>Looks at a repository of a cache, such as <c>models--org--name</c>.</summary>
    public HubCacheReader(string root, string repository)
    {
        _root = root;
        _repository = Path.Combine(root, repository);
    }

    /// <summary>The commits that there are, each with the content of its files.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, byte[]>> Commits =>
        Directory
            .EnumerateDirectories(Path.Combine(_repository, "snapshots"))
            .ToDictionary(path => Path.GetFileName(path), Files, StringComparer.Ordinal);

    /// <summary>The names of commits.</summary>
    public IReadOnlyDictionary<string, string> Refs
    {
        get
        {
            var refs = Path.Combine(_repository, "refs");
            return !Directory.Exists(refs)
                ? new Dictionary<string, string>()
                : Directory
                    .EnumerateFiles(refs, "*", SearchOption.AllDirectories)
                    .ToDictionary(
                        path => Path.GetRelativePath(refs, path),
                        path => Encoding.Latin1.GetString(File.ReadAllBytes(path)),
                        StringComparer.Ordinal
                    );
        }
    }

    /// <summary>The names of blobs that are whole.</summary>
    public IReadOnlyList<string> Blobs =>
        [
            .. Directory
                .EnumerateFileSystemEntries(Path.Combine(_repository, "blobs"))
                .Select(path => Path.GetFileName(path))
                .Where(name => !name.EndsWith(".incomplete", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>What of a revision is there without asking anybody; null where there is nothing.</summary>
    public IReadOnlyDictionary<string, byte[]>? Offline(string revision) =>
        Commits.GetValueOrDefault(Refs.GetValueOrDefault(revision, revision));

    /// <summary>Says what a scan would find wrong; nothing when all is well.</summary>
    public IReadOnlyList<string> Faults() => [.. RootFaults(), .. RepositoryFaults()];

    private IEnumerable<string> RootFaults()
    {
        if (!Directory.Exists(_root))
            yield break;
        foreach (var path in Directory.EnumerateFileSystemEntries(_root))
        {
            var name = Path.GetFileName(path);
            if (name is ".locks" or "CACHEDIR.TAG")
                continue;
            if (!Directory.Exists(path) || !Kinds.Contains(name.Split("--")[0], StringComparer.Ordinal))
                yield return $"{name} is no repository";
        }
    }

    private IEnumerable<string> RepositoryFaults()
    {
        if (!Directory.Exists(_repository))
            yield break;
        var snapshots = Path.Combine(_repository, "snapshots");
        if (!Directory.Exists(snapshots))
        {
            yield return "there are no snapshots";
            yield break;
        }
        foreach (var file in Directory.EnumerateFiles(snapshots))
            yield return $"{file} is a file among snapshots";
        foreach (var link in Directory.EnumerateFiles(snapshots, "*", SearchOption.AllDirectories).Where(IsNoBlob))
            yield return $"{link} leads to no blob";
        foreach (var (name, commit) in Refs)
        {
            if (!Directory.Exists(Path.Combine(snapshots, commit)))
                yield return $"{name} names the commit '{commit}', which is not there";
        }
        foreach (var fault in TreeFaults(snapshots))
            yield return fault;
    }

    // Offline a client that finds such a list wants all files that it has.
    private IEnumerable<string> TreeFaults(string snapshots)
    {
        var trees = Path.Combine(_repository, "trees");
        foreach (var tree in Directory.Exists(trees) ? Directory.EnumerateFiles(trees) : [])
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(tree));
            foreach (var file in document.RootElement.GetProperty("files").EnumerateObject())
            {
                var path = Path.Combine(snapshots, Path.GetFileNameWithoutExtension(tree), file.Name);
                if (
                    !File.Exists(path)
                    || new FileInfo(path).ResolveLinkTarget(true) is not FileInfo { Length: var size }
                )
                    yield return $"{file.Name} is in {tree} and not there";
                else if (size != file.Value.GetProperty("size").GetInt64())
                    yield return $"{file.Name} is of another size in {tree}";
            }
        }
    }

    private bool IsNoBlob(string link) =>
        new FileInfo(link).ResolveLinkTarget(returnFinalTarget: true) is not { Exists: true } target
        || Path.GetDirectoryName(target.FullName) != Path.Combine(_repository, "blobs");

    private static IReadOnlyDictionary<string, byte[]> Files(string snapshot) =>
        Directory
            .EnumerateFiles(snapshot, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(snapshot, path), File.ReadAllBytes, StringComparer.Ordinal);
}
