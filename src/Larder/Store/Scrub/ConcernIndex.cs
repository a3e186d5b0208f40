using Larder.Content;

namespace Larder.Store.Scrub;

/// <summary>Finds out which entries need what was found.</summary>
internal static class ConcernIndex
{
    /// <summary>The same findings, each with the entries that it concerns.</summary>
    public static IReadOnlyList<VerifyFinding> Complete(LocalStore store, IReadOnlyList<VerifyFinding> findings)
    {
        if (findings.Count == 0)
            return findings;
        var byDigest = findings
            .Select(finding => finding.Digest)
            .OfType<Digest>()
            .Distinct()
            .ToDictionary(digest => digest, _ => new List<Concern>());
        foreach (var listed in store.ListEntries())
        {
            var entry = listed.Entry;
            var concern = new Concern(entry.Source.Reference, Digest.Of(entry.Request.Span), entry.Manifest)
            {
                Request = entry.Request,
            };
            foreach (var digest in Needs(store, entry.Manifest).Distinct())
            {
                if (byDigest.TryGetValue(digest, out var concerns))
                    concerns.Add(concern);
            }
        }
        return
        [
            .. findings.Select(finding =>
                finding is { Concerns.Count: 0, Digest: { } digest }
                    ? finding with
                    {
                        Concerns = byDigest[digest],
                    }
                    : finding
            ),
        ];
    }

    private static IEnumerable<Digest> Needs(LocalStore store, Digest manifest)
    {
        yield return manifest;
        foreach (var file in TryRead(store, manifest)?.Files ?? [])
            yield return file.Digest;
    }

    private static Manifest? TryRead(LocalStore store, Digest manifest)
    {
        try
        {
            return store.TryReadManifest(manifest);
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            return null; // The disk will not give it; a finding of its own says so.
        }
    }
}
