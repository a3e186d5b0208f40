using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>Checks snapshots: by size and time all files, by their bytes those that are not the blob itself.</summary>
internal sealed class SnapshotCheck(LocalStore store, FileCheck check, Condemnation condemnation, FindingLog log)
{
    /// <summary>Looks at the files of a manifest's snapshot; returns those whose bytes are still to be read.</summary>
    public IReadOnlyList<(ManifestFile File, SnapshotFile Copy)> Look(Manifest manifest)
    {
        var snapshot = store.Layout.Snapshot(manifest.Digest);
        try
        {
            // A snapshot that is not there is no fault: it is derived, and built when it is wanted.
            if (!Posix.TryStatus(snapshot, followLinks: false, out var directory))
                return [];
            log.Count();
            var copies = new List<(ManifestFile, SnapshotFile)>();
            foreach (var file in manifest.Files)
            {
                var path = Path.Join(snapshot, file.Path);
                if (
                    !Posix.TryStatus(path, followLinks: false, out var status)
                    || !status.IsFile
                    || status.SizeBytes != file.SizeBytes
                    || !LocalStore.IsSealed(status)
                )
                {
                    Condemn(
                        snapshot,
                        directory,
                        manifest.Digest,
                        $"'{file.Path}' in it is missing or has been touched",
                        []
                    );
                    return [];
                }
                if (!Posix.TryStatus(store.Layout.Blob(file.Digest), out var blob) || !blob.IsSameFile(status))
                    copies.Add((file, new SnapshotFile(path, snapshot, directory, manifest.Digest)));
            }
            return copies;
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            log.AddUnreadable(FindingSubject.Snapshot, snapshot, failure);
            return [];
        }
    }

    /// <summary>Condemns snapshots without a manifest: nobody can tell what belongs into them.</summary>
    public void LookForOrphans()
    {
        var snapshots = StoreWalk.Names(
            store.Layout.Snapshots,
            (path, failure) => log.AddUnreadable(FindingSubject.Snapshot, path, failure)
        );
        foreach (var path in snapshots)
        {
            if (
                Digest.TryParse(Path.GetFileName(path), out var digest)
                && Posix.TryStatus(path, followLinks: false, out var directory)
                && !Posix.TryStatus(store.Layout.Manifest(digest), out _)
            )
                Condemn(path, directory, digest, "it has no manifest", []);
        }
    }

    /// <summary>Reads a file that has bytes of its own.</summary>
    public async ValueTask ReadAsync(
        SnapshotFile copy,
        Digest digest,
        Action<long>? progress,
        CancellationToken cancellationToken
    )
    {
        using var verdict = await check
            .RunAsync(copy.Path, digest, store.Layout.Blob(digest), progress, cancellationToken)
            .ConfigureAwait(false);
        switch (verdict.Kind)
        {
            case VerdictKind.Unreadable or VerdictKind.Transient:
                log.AddDoubt(FindingSubject.Snapshot, copy.Path, copy.Manifest, verdict);
                break;
            case VerdictKind.Damaged:
                if (verdict.File is { } file)
                    condemnation.Mark(file);
                Condemn(
                    copy.Snapshot,
                    copy.Directory,
                    copy.Manifest,
                    $"'{copy.Path}' {verdict.Reason}",
                    verdict.DamagedRanges
                );
                break;
        }
    }

    private void Condemn(
        string snapshot,
        FileStatus directory,
        Digest manifest,
        string reason,
        IReadOnlyList<ByteRange> ranges
    )
    {
        var removal = condemnation.Remove(snapshot, directory);
        // Another than the one that was looked at, or none: removed or rebuilt meanwhile, which is no damage.
        if (removal.QuarantinePath is null && !Quarantine.IsStill(snapshot, directory))
            return;
        log.Add(
            new VerifyFinding
            {
                Subject = FindingSubject.Snapshot,
                Fault = FindingFault.Damaged,
                Path = snapshot,
                Digest = manifest,
                DamagedRanges = ranges,
                QuarantinePath = removal.QuarantinePath,
                Message = $"The snapshot '{snapshot}' is damaged: {reason}. {removal.Deed}",
            }
        );
    }
}
