using Larder.Origins;
using Larder.Pull;
using Larder.Store;

namespace Larder.HuggingFace.Export;

/// <summary>A directory in the layout of the cache of the Hub's own clients, to put models there for them.</summary>
/// <remarks>
/// Such as <c>~/.cache/huggingface/hub</c>, which <c>HF_HUB_CACHE</c> names. Files share their blocks with the store where
/// the file system can, else they are a second name of the same read-only file, else copies; the store may forget them
/// later all the same. Whatever is put appears whole or not at all, and may be put again, also by two at once.
/// </remarks>
public sealed class HubCache
{
    private readonly string _path;

    /// <summary>Names the directory; it is made when something is put there.</summary>
    public HubCache(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
    }

    /// <summary>For tests: called after each step.</summary>
    internal Action<ExportStep> StepReached { get; set; } = static _ => { };

    /// <summary>Is told how many files are there; null: nobody wants to know.</summary>
    public IProgress<WorkProgress>? Progress { get; init; }

    /// <summary>Whether a text can name a repository: <c>name</c>, <c>org/name</c>, <c>datasets/org/name</c>.</summary>
    public static bool IsRepository(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return HubRepository.TryParse(text) is not null;
    }

    /// <summary>Puts the files of a snapshot into the directory.</summary>
    /// <param name="cache">The cache that the snapshot is of.</param>
    /// <param name="snapshot">The files; held by the caller until this returns.</param>
    /// <param name="repository">
    /// The repository that the clients are to find them under; null for the one that they came from, and for those of
    /// another origin <c>larder/</c> and the last part of their reference.
    /// </param>
    /// <param name="cancellationToken">Ends it between two files; what is there by then is found by the next one.</param>
    /// <exception cref="ExportException">The directory cannot be used, or nobody knows any more of which commit they are.</exception>
    /// <exception cref="StoreException">The store has other bytes than it should.</exception>
    public HubExport Export(
        ModelCache cache,
        Snapshot snapshot,
        string? repository = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(snapshot);
        var named = repository is null
            ? null
            : HubRepository.TryParse(repository)
                ?? throw new ArgumentException("It is not the name of a repository.", nameof(repository));
        var plan = ExportPlan.Create(cache, snapshot, named);
        try
        {
            var directory = new HubCacheDirectory(_path, plan, StepReached, Progress);
            var copiedBytes = directory.Write(cancellationToken);
            return new HubExport(
                directory.Snapshot,
                plan.Repository.Path,
                plan.Revision,
                plan.Commit,
                plan.Files.Count,
                snapshot.Manifest.SizeBytes,
                copiedBytes
            );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ExportException(
                _path,
                $"'{snapshot.Reference}' could not be put into '{_path}': {failure.Message.TrimEnd('.')}. What was there before is untouched; mend the cause and export again.",
                failure
            );
        }
    }
}
