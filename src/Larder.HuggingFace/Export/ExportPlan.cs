using Larder.Content;
using Larder.Origins;
using Larder.Pull;

namespace Larder.HuggingFace.Export;

/// <summary>Where the files of a snapshot go in a cache of the Hub's clients, and under which names they are found there.</summary>
internal sealed record ExportPlan(
    HubRepository Repository,
    string Commit,
    string? Revision,
    IReadOnlyList<ExportedFile> Files
)
{
    private const int CommitDigits = 40;

    /// <summary>Whether the files are all that the commit has: only then a list of them may say what the commit has.</summary>
    public bool IsWholeCommit { get; private init; }

    /// <summary>Plans an export.</summary>
    /// <param name="cache">The cache that the snapshot is of.</param>
    /// <param name="snapshot">The files.</param>
    /// <param name="repository">The name that they are to be found under; null for the one that they have.</param>
    /// <exception cref="ExportException">They are of the Hub, and of which commit nobody knows any more.</exception>
    public static ExportPlan Create(ModelCache cache, Snapshot snapshot, HubRepository? repository)
    {
        if (snapshot.Reference.Hub is { } hub)
            return OfHub(cache, snapshot, hub, repository ?? hub.Repository);
        return new ExportPlan(
            repository ?? Default(snapshot.Reference),
            snapshot.Digest.ToString()[..CommitDigits],
            HubReference.DefaultRevision,
            // The clients compare a blob's name only with what the Hub sends for that file of that repository, and it has no
            // such repository: any name that follows from the content does. This one is known without reading a byte.
            [.. snapshot.Manifest.Files.Select(file => Exported(cache, snapshot, file, file.Path, blob: null))]
        );
    }

    private static ExportPlan OfHub(ModelCache cache, Snapshot snapshot, HubReference hub, HubRepository repository)
    {
        var source = cache.FindSource(snapshot);
        if (source?.Revision is not { } commit || !HubReference.IsCommitId(commit))
            throw new ExportException(
                snapshot.Path,
                $"Of which commit the version {snapshot.Digest.ToString()[..12]} of '{snapshot.Reference}' is was not kept: the store has another version by now. Export the reference as it is now, or name the commit in it: hf://{hub.Repository.Path}@COMMIT."
            );
        var files = snapshot.Manifest.Files.Select(file =>
            Exported(
                cache,
                snapshot,
                file,
                hub.PathOf(file.Path),
                source.Versions.TryGetValue(file.Path, out var mark) ? HubMark.BlobIdOf(mark) : null
            )
        );
        return new ExportPlan(repository, commit, hub.IsCommit ? null : hub.Revision, [.. files])
        {
            IsWholeCommit =
                hub.Path.Length == 0
                && snapshot.IsOfAllFiles
                && snapshot.Manifest.Files.All(file => source.Versions.ContainsKey(file.Path)),
        };
    }

    private static ExportedFile Exported(
        ModelCache cache,
        Snapshot snapshot,
        ManifestFile file,
        string path,
        string? blob
    ) => new(path, blob ?? file.Digest.ToString(), cache.FindFile(snapshot, file), file.SizeBytes, file.Digest);

    // What is left of the last name of a reference when it is made one that the Hub would take.
    private static HubRepository Default(ModelReference reference)
    {
        var last = Uri.UnescapeDataString(reference.Text.TrimEnd('/').Split('/')[^1]);
        var letters = last.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : '-');
        var name = string.Join('-', string.Concat(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
        while (name.Contains("..", StringComparison.Ordinal))
            name = name.Replace("..", ".", StringComparison.Ordinal);
        return HubRepository.TryParse($"larder/{name.Trim('.', '-')}")
            ?? new HubRepository(HubRepository.Models, "larder/model");
    }
}
