using Larder.Content;
using Larder.Pull.Targets;
using Larder.Transfer;

namespace Larder.Pull;

/// <summary>How one pull is done.</summary>
public sealed record PullOptions
{
    /// <summary>How long what is stored is taken for the present version without asking the origin; 5 minutes.</summary>
    public TimeSpan FreshFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the origin is asked even if what is stored is fresh; false.</summary>
    public bool Refresh { get; init; }

    /// <summary>Whether only what is stored may answer, however old; false.</summary>
    public bool Offline { get; init; }

    /// <summary>Whether what is stored answers when the origin is down; true.</summary>
    /// <remarks>Never when the origin answers that there is no such thing or that it may not be read.</remarks>
    public bool StaleIfError { get; init; } = true;

    /// <summary>The version wanted: the digest of its manifest; null for the origin's present one.</summary>
    /// <remarks>
    /// An earlier one is served from the store as long as it is there (<see cref="CachedModel.ListEarlierVersions"/>). The entry
    /// goes on following its origin: a pull without a digest gives the present version again.
    /// </remarks>
    public Digest? Digest { get; init; }

    /// <summary>Patterns for the files that are wanted, as in <c>.gitignore</c>: <c>*.onnx</c>; all files when there is none.</summary>
    /// <remarks>Another choice of files is another entry of the store. Order and duplicates do not matter.</remarks>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Patterns for files that are not wanted, whatever <see cref="Include"/> says; none.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>What is done with a reference to an archive; <see cref="UnpackMode.Auto"/>.</summary>
    /// <remarks>
    /// Its files are chosen by <see cref="Include"/> and <see cref="Exclude"/>; the archive itself is not kept. What it may unpack
    /// to: <see cref="ModelCacheOptions.Archives"/>.
    /// </remarks>
    public UnpackMode Unpack { get; init; }

    /// <summary>A directory in which wanted files may lie already, so that they need not be fetched; none.</summary>
    /// <remarks>See <see cref="TargetDirectory"/>, which lays the files out there afterwards.</remarks>
    public TargetDirectory? Adopt { get; init; }

    /// <summary>Told of the transfer while it runs; null.</summary>
    public IProgress<TransferProgress>? Progress { get; init; }

    /// <summary>Whether nobody uses what is pulled: it is only kept up to date, which says nothing of what it is worth.</summary>
    internal bool IsUpkeep { get; init; }

    /// <summary>Whether the reference alone decides which files are pulled.</summary>
    internal bool IsOfAllFiles => Include.Count == 0 && Exclude.Count == 0 && Unpack == UnpackMode.Auto;
}
