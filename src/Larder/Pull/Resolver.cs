using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Microsoft.Extensions.Logging;

namespace Larder.Pull;

/// <summary>Tells which version a reference means now, in the same words on every machine.</summary>
/// <remarks>
/// So that two machines come to the same keys it must not matter what a store happens to have: where a listing alone could not
/// tell a digest, a stored one is not used either. The files of a directory of this machine are the exception in the other
/// direction: their marks mean nothing elsewhere, so that their digests are told, by reading them where nobody has done so.
/// </remarks>
internal sealed class Resolver(
    StoreLayers layers,
    OriginSet origins,
    ModelLister lister,
    TimeProvider timeProvider,
    ILogger logger
)
{
    // Somebody changes the files while they are read: after so many turns he is not done soon.
    private const int MaxTurns = 3;

    /// <summary>Where a model may be known besides here; null for nowhere.</summary>
    public SharedModels? Shared { get; init; }

    /// <summary>Tells the version.</summary>
    /// <exception cref="OriginException">The origin does not have it, or does not answer and nothing is stored.</exception>
    /// <exception cref="NotCachedException">Offline, and the store does not have it.</exception>
    public async Task<ModelIdentity> RunAsync(
        ModelReference reference,
        PullOptions options,
        CancellationToken cancellationToken
    )
    {
        if (options.Digest is { } digest)
            return ModelIdentity.OfManifest(digest);
        var job = new PullJob(origins.For(reference), reference, PullRequest.KeyOf(reference, options), options);
        var entry = layers.Find(job.Key)?.Entry;
        if (options.Offline)
            return entry is null ? throw NotCachedException.Of(reference, options) : ModelIdentity.Of(job, entry);
        // A look at a directory costs nothing, and what is stored of it says nothing of what is in it now.
        if (!reference.IsLocal && entry is not null && IsFresh(entry, options))
            return ModelIdentity.Of(job, entry);
        var shared =
            Shared is not null && SharedModels.IsFor(job)
                ? (await Shared.TryFindAsync(job, cancellationToken).ConfigureAwait(false))?.Entry
                : null;
        if (shared is not null && IsFresh(shared, options))
            return ModelIdentity.Of(job, shared);
        try
        {
            return await AskAsync(job, cancellationToken).ConfigureAwait(false);
        }
        catch (OriginException down)
            when (down.Failure == OriginFailure.Unavailable && options.StaleIfError && (entry ?? shared) is not null)
        {
            logger.ServedStale(reference.Text, down.Message);
            return ModelIdentity.Of(job, (entry ?? shared)!);
        }
    }

    private bool IsFresh(StoreEntry entry, PullOptions options) =>
        Freshness.IsFresh(entry, options, timeProvider.GetUtcNow());

    private async Task<ModelIdentity> AskAsync(PullJob job, CancellationToken cancellationToken)
    {
        for (var turn = 1; ; turn++)
        {
            var known = KnownVersion.Find(layers, job.Key);
            var asked = timeProvider.GetUtcNow();
            var listed = await lister
                .ListAsync(job, known, canAnswer: known is not null, cancellationToken)
                .ConfigureAwait(false);
            try
            {
                var identity = await IdentifyAsync(job, listed, known, cancellationToken).ConfigureAwait(false);
                // The pull that may follow need not ask again.
                if (known is not null && listed.Is(known))
                    await lister.ConfirmAsync(job, listed, known, asked, cancellationToken).ConfigureAwait(false);
                return identity;
            }
            catch (OriginException changed) when (changed.Failure == OriginFailure.Changed && turn < MaxTurns)
            {
                // Listed and read anew.
            }
        }
    }

    private static async Task<ModelIdentity> IdentifyAsync(
        PullJob job,
        ListedModel listed,
        KnownVersion? known,
        CancellationToken cancellationToken
    )
    {
        var manifest = known is not null && listed.Is(known) ? known.Entry.Manifest : (Digest?)null;
        if (listed.Archive is { } archive)
        {
            var digest =
                archive.File.Digest
                ?? (
                    job.Reference.IsLocal
                        ? await DigestAsync(job, archive.File, known, cancellationToken).ConfigureAwait(false)
                        : null
                );
            return digest is { } told
                ? ModelIdentity.OfArchive(archive.Format, told, job.Options, manifest)
                : ModelIdentity.OfVersions(job.Key, listed.Versions, manifest);
        }
        if (!job.Reference.IsLocal && !listed.IsTold)
            return ModelIdentity.OfVersions(job.Key, listed.Versions, manifest);
        var files = new List<ManifestFile>();
        foreach (var file in listed.Plan.Files)
            files.Add(
                file.Known ?? await InPlaceHash.RunAsync(job, file.File, cancellationToken).ConfigureAwait(false)
            );
        return ModelIdentity.OfManifest(Manifest.Create(files).Digest);
    }

    // What is in it need not be looked at again if this very archive was unpacked before.
    private static async Task<Digest?> DigestAsync(
        PullJob job,
        OriginFile archive,
        KnownVersion? known,
        CancellationToken cancellationToken
    ) =>
        known?.Entry.Source is { Archive: { } before } source
        && source.Versions.GetValueOrDefault(archive.Path) == archive.Version
            ? before.Digest
            : (await InPlaceHash.RunAsync(job, archive, cancellationToken).ConfigureAwait(false)).Digest;
}
