using System.Globalization;

namespace Larder.TestKit.Hub;

/// <summary>A repository of a <see cref="TestHub"/>: commits that stay, and names for them that move.</summary>
public sealed class TestHubRepository
{
    private static readonly string[] LargeFiles = [".bin", ".onnx", ".safetensors"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _refs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, TestHubFile>> _commits = new(
        StringComparer.Ordinal
    );

    internal TestHubRepository(string kind, string id)
    {
        (Kind, Id) = (kind, id);
        Commit("main", []);
    }

    /// <summary><c>models</c>, <c>datasets</c> or <c>spaces</c>.</summary>
    public string Kind { get; }

    public string Id { get; }

    /// <summary>What only those see who have <see cref="TestHub.Token"/>.</summary>
    public bool IsPrivate { get; set; }

    public HubGate Gate { get; set; }

    /// <summary>Whether the owner of <see cref="TestHub.Token"/> was let in through the gate; true.</summary>
    public bool LetsTokenIn { get; set; } = true;

    public bool IsDisabled { get; set; }

    /// <summary>Requests for this name are sent to that one.</summary>
    public string? RenamedTo { get; set; }

    /// <summary>Whether a file is large by its name, as <c>.gitattributes</c> says at the Hub, when a test does not say.</summary>
    public Func<string, bool> IsLarge { get; set; } = path => LargeFiles.Contains(Path.GetExtension(path));

    /// <summary>The commit that <c>main</c> is.</summary>
    public string Head => Resolve("main")!;

    /// <summary>Adds or replaces a file with a commit of its own; returns the commit.</summary>
    public string Put(string path, byte[] bytes, string branch = "main") =>
        Commit(branch, [.. Without(path, branch), new(path, new TestHubFile(bytes, IsLarge(path)))]);

    /// <summary>Removes a file with a commit of its own; returns the commit.</summary>
    public string Delete(string path, string branch = "main") => Commit(branch, Without(path, branch));

    /// <summary>Gives the head of <c>main</c> another name.</summary>
    public void Name(string name)
    {
        lock (_lock)
            _refs[name] = _refs["main"];
    }

    /// <summary>The commit of a branch, tag or commit; null when there is none.</summary>
    public string? Resolve(string revision)
    {
        lock (_lock)
            return _commits.ContainsKey(revision) ? revision : _refs.GetValueOrDefault(revision);
    }

    public IReadOnlyDictionary<string, TestHubFile> FilesOf(string commit)
    {
        lock (_lock)
            return _commits[commit];
    }

    private IEnumerable<KeyValuePair<string, TestHubFile>> Without(string path, string branch) =>
        FilesOf(Resolve(branch)!).Where(file => file.Key != path);

    private string Commit(string branch, IEnumerable<KeyValuePair<string, TestHubFile>> files)
    {
        var tree = new SortedDictionary<string, TestHubFile>(StringComparer.Ordinal);
        foreach (var (path, file) in files)
            tree.Add(path, file);
        lock (_lock)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{Kind}/{Id} {_commits.Count} of {branch}");
            var commit = TestHubFile.GitNameOf(System.Text.Encoding.UTF8.GetBytes(text));
            _commits[commit] = tree;
            _refs[branch] = commit;
            return commit;
        }
    }
}
