using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>Checks manifests against their digests.</summary>
internal sealed class ManifestCheck(LocalStore store, FileCheck check, Condemnation condemnation, FindingLog log)
{
    /// <summary>The manifest of a digest; null when it is gone, or not to be believed, which is then noted.</summary>
    public async ValueTask<Manifest?> RunAsync(Digest digest, CancellationToken cancellationToken)
    {
        var path = store.Layout.Manifest(digest);
        using var verdict = await check
            .RunAsync(path, digest, blob: null, progress: null, cancellationToken)
            .ConfigureAwait(false);
        if (verdict.Kind != VerdictKind.Gone)
            log.Count();
        switch (verdict.Kind)
        {
            case VerdictKind.Gone:
                return null;
            case VerdictKind.Unreadable:
                log.AddDoubt(FindingSubject.Manifest, path, digest, verdict);
                return null;
            case VerdictKind.Damaged:
                AddDamage(path, digest, verdict);
                return null;
            case VerdictKind.Transient:
                log.AddDoubt(FindingSubject.Manifest, path, digest, verdict);
                break;
        }
        return store.TryReadManifest(digest);
    }

    private void AddDamage(string path, Digest digest, Verdict verdict)
    {
        var removal = condemnation.RemoveFile(path, verdict);
        var deed = removal.Deed;
        // Nobody can tell any more what belongs into it. Left there, the next pull would take it for whole by its times.
        var snapshot = store.Layout.Snapshot(digest);
        if (Posix.TryStatus(snapshot, followLinks: false, out var directory))
            deed += $" Its snapshot: {condemnation.Remove(snapshot, directory).Deed}";
        log.Add(
            new VerifyFinding
            {
                Subject = FindingSubject.Manifest,
                Fault = FindingFault.Damaged,
                Path = path,
                Digest = digest,
                DamagedRanges = verdict.DamagedRanges,
                QuarantinePath = removal.QuarantinePath,
                IsRepaired = removal.IsReplaced,
                Message = $"The manifest '{path}' {verdict.Reason}. {deed}",
            }
        );
    }
}
