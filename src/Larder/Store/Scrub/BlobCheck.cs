using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>Checks blobs, takes away what is damaged, and keeps their block checksums.</summary>
internal sealed class BlobCheck(LocalStore store, FileCheck check, Condemnation condemnation, FindingLog log)
{
    public async ValueTask RunAsync(Digest digest, Action<long>? progress, CancellationToken cancellationToken)
    {
        var path = store.Layout.Blob(digest);
        using var verdict = await check.RunAsync(path, digest, path, progress, cancellationToken).ConfigureAwait(false);
        if (verdict.Kind == VerdictKind.Gone)
            return;
        log.Count();
        switch (verdict.Kind)
        {
            case VerdictKind.Sound when !LocalStore.IsSealed(verdict.Status):
                // Right now, but somebody writes to it: it is not served either.
                AddDamage(path, digest, verdict, "has been touched: its time is not that of a blob");
                break;
            case VerdictKind.Sound when verdict.MissingChecksums is { } checksums:
                WriteChecksums(path, checksums);
                break;
            case VerdictKind.Unreadable or VerdictKind.Transient:
                log.AddDoubt(FindingSubject.Blob, path, digest, verdict);
                break;
            case VerdictKind.Damaged:
                AddDamage(path, digest, verdict, verdict.Reason);
                break;
        }
    }

    private void AddDamage(string path, Digest digest, Verdict verdict, string reason)
    {
        var removal = condemnation.RemoveFile(path, verdict);
        log.Add(
            new VerifyFinding
            {
                Subject = FindingSubject.Blob,
                Fault = FindingFault.Damaged,
                Path = path,
                Digest = digest,
                DamagedRanges = verdict.DamagedRanges,
                QuarantinePath = removal.QuarantinePath,
                // Names in blobs/ are given to verified files only.
                IsRepaired = removal.IsReplaced,
                Message = $"The blob '{path}' {reason}. {removal.Deed}",
            }
        );
    }

    /// <summary>Writes the list of a sound blob. That it was missing is no finding: nothing depends on it.</summary>
    private void WriteChecksums(string blob, BlockChecksums checksums)
    {
        var path = BlockChecksumFile.PathFor(blob);
        try
        {
            var wasThere = Posix.TryStatus(path, followLinks: false, out _);
            using var staging = store.CreateStagingArea();
            var staged = staging.NewPath();
            BlockChecksumFile.WriteNew(staged, checksums);
            Posix.Rename(staged, path);
            // Removed while it was read: a list must not be left alone.
            if (!Posix.TryStatus(blob, out _))
                Posix.Unlink(path);
            else if (wasThere)
                AddMended(path);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            // A store that cannot be written can still be verified.
        }
    }

    private void AddMended(string path) =>
        log.Add(
            new VerifyFinding
            {
                Subject = FindingSubject.ChecksumList,
                Fault = FindingFault.Damaged,
                Path = path,
                IsRepaired = true,
                Message =
                    $"The block checksums '{path}' were damaged. They were written again from their blob, which is sound.",
            }
        );
}
