using Larder.Content;
using Larder.Origins;
using Larder.Store;
using Larder.Store.Scrub;

namespace Larder.Pull;

/// <summary>Pulls again what a verification found damaged or missing.</summary>
/// <remarks>By the ordinary pull: once for all who want it, only what is missing, verified before it is believed.</remarks>
internal sealed class Repairer(LocalStore store, Puller puller, ModelReference? asked, VerifyOptions options)
{
    // Many findings concern one model: it is pulled once, and what came of it told for each.
    private readonly Dictionary<Digest, Repair> _repairs = [];

    public async Task<IReadOnlyList<VerifyFinding>> RunAsync(
        IReadOnlyList<VerifyFinding> findings,
        CancellationToken cancellationToken
    )
    {
        var result = new List<VerifyFinding>();
        foreach (var finding in findings)
        {
            result.Add(
                finding.IsDamage && !finding.IsRepaired
                    ? await RepairAsync(finding, cancellationToken).ConfigureAwait(false)
                    : finding
            );
        }
        return result;
    }

    private async Task<VerifyFinding> RepairAsync(VerifyFinding finding, CancellationToken cancellationToken)
    {
        if (finding.Concerns.Count == 0)
            return finding.Add("No entry needs it, so nothing was fetched.");
        var isRepaired = true;
        foreach (var concern in finding.Concerns)
        {
            if (!_repairs.TryGetValue(concern.Key, out var repair))
                _repairs[concern.Key] = repair = await PullAsync(concern, cancellationToken).ConfigureAwait(false);
            isRepaired &= repair.IsDone && await IsBackAsync(finding, concern, cancellationToken).ConfigureAwait(false);
            finding = finding.Add(repair.Message);
        }
        return finding with { IsRepaired = isRepaired };
    }

    private async Task<Repair> PullAsync(Concern concern, CancellationToken cancellationToken)
    {
        if (!concern.Request.IsEmpty && PullRequest.TryRead(concern.Request) is null)
            return await RemoveDerivedAsync(concern, cancellationToken).ConfigureAwait(false);
        if (RequestOf(concern) is not var (reference, request))
            return new Repair(
                false,
                $"'{concern.Reference}' cannot be fetched again by what is stored of its reference: a query string or credentials are not. Pull it again yourself."
            );
        try
        {
            using var snapshot = await puller
                .PullAsync(
                    reference,
                    // However old the entry is: a snapshot that can be built from blobs needs no origin.
                    request with
                    {
                        FreshFor = TimeSpan.MaxValue,
                        StaleIfError = false,
                        Offline = options.Offline,
                        Progress = options.Progress,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            return new Repair(
                true,
                concern.Manifest is { } version && version != snapshot.Digest
                    ? $"'{reference}' has another version at its origin now: {snapshot.Digest} was fetched in place of {version}."
                    : $"'{reference}' was pulled again."
            );
        }
        catch (LarderException failure)
        {
            return Failed(reference, failure);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            return Failed(reference, StoreFailure.Translate(failure, store));
        }
    }

    /// <summary>What was made from a model is made again when it is wanted, once it is gone.</summary>
    private async Task<Repair> RemoveDerivedAsync(Concern concern, CancellationToken cancellationToken)
    {
        var what = $"What was made from '{concern.Reference}'";
        try
        {
            var result = await store
                .RemoveAsync(entry => entry.Key == concern.Key, cancellationToken)
                .ConfigureAwait(false);
            return result.Kept.Count == 0
                ? new Repair(true, $"{what} was removed; it is made again when it is next wanted.")
                : new Repair(false, $"{what} is in use and could not be removed. Verify again when nobody uses it.");
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            return new Repair(false, $"{what} could not be removed: {failure.Message}");
        }
    }

    private static Repair Failed(ModelReference reference, LarderException failure) =>
        new(
            false,
            $"'{reference}' could not be repaired: {failure.Message} Mend that and run 'larder pull' or verify again with --repair."
        );

    // A pull that was answered by a whole snapshot brings no blob back; the snapshot's copy of it does.
    private async Task<bool> IsBackAsync(VerifyFinding finding, Concern concern, CancellationToken cancellationToken)
    {
        if (finding is not { Subject: FindingSubject.Blob, Digest: { } digest } || concern.Manifest is not { } manifest)
            return true;
        try
        {
            using var stored = store.TryOpenWholeSnapshot(manifest);
            return stored is null
                || await new BlobRestore(store).TryRunAsync(stored, digest, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            return false;
        }
    }

    /// <summary>What to pull for an entry; null when its reference had what is not stored.</summary>
    private (ModelReference Reference, PullOptions Options)? RequestOf(Concern concern)
    {
        // Of a damaged entry nobody knows which files it was about: most are about all.
        var request = concern.Request.IsEmpty ? null : PullRequest.TryRead(concern.Request);
        var choice = request?.Options ?? new PullOptions();
        if (asked is not null && PullRequest.KeyOf(asked, choice).Digest == concern.Key)
            return (asked, choice);
        try
        {
            var reference = ModelReference.Parse(concern.Reference);
            return PullRequest.KeyOf(reference, choice).Digest == concern.Key ? (reference, choice) : null;
        }
        catch (LarderException failure) when (failure is ReferenceException or GlobException)
        {
            return null;
        }
    }

    private sealed record Repair(bool IsDone, string Message);
}
