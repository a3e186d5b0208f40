using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Scrub;
using Larder.Telemetry;
using Larder.Transfer;

namespace Larder;

public sealed partial class ModelCache
{
    /// <summary>Reads what is stored again, all of it or one model, and compares it with its digests.</summary>
    /// <remarks>
    /// Of a model all choices of its files that are stored, and what was made from them.
    /// What is damaged goes to the store's <c>quarantine/</c>, and with it every snapshot that has it, leased or not: nobody is
    /// served wrong bytes. Entries stay; the next pull of a model fetches what it lacks. Others may pull and clear meanwhile.
    /// </remarks>
    /// <exception cref="NotCachedException">The store does not have that model.</exception>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public Task<VerifyReport> VerifyAsync(
        ModelReference? reference,
        VerifyOptions? options = null,
        CancellationToken cancellationToken = default
    ) => VerifyAsync(() => Stored(reference), reference, options ?? new VerifyOptions(), cancellationToken);

    /// <summary>Reads one entry again, and what was made from it where it is a model, and compares it with its digests.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    internal Task<VerifyReport> VerifyEntryAsync(
        CachedModel model,
        IProgress<TransferProgress> progress,
        CancellationToken cancellationToken
    ) =>
        VerifyAsync(
            () => (KeysWithDerived(model.Reference, [KeyOf(model)]), model.Reference),
            reference: null,
            new VerifyOptions { Progress = progress },
            cancellationToken
        );

    private async Task<VerifyReport> VerifyAsync(
        Func<(IReadOnlyList<EntryKey> Keys, string Reference)?> chosen,
        ModelReference? reference,
        VerifyOptions options,
        CancellationToken cancellationToken
    )
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var start = _timeProvider.GetTimestamp();
        try
        {
            var log = await new StoreVerifier(_store, _timeProvider)
                .RunAsync(chosen(), options.Progress, cancellationToken)
                .ConfigureAwait(false);
            var findings = ConcernIndex.Complete(_store, log.Findings);
            StoreMeter.BytesVerified(log.BytesRead);
            StoreMeter.ItemsDamaged(findings.Count(finding => finding.IsDamage));
            if (options.Repair)
                findings = await new Repairer(_store, _puller, reference, options)
                    .RunAsync(findings, cancellationToken)
                    .ConfigureAwait(false);
            return new VerifyReport
            {
                Checked = log.Checked,
                BytesRead = log.BytesRead,
                Findings = findings,
                Duration = _timeProvider.GetElapsedTime(start),
            };
        }
        catch (Exception failure) when (StoreFailure.Covers(failure))
        {
            throw StoreFailure.Translate(failure, _store);
        }
    }

    /// <summary>Reads all blobs again, slowly and again and again, until it is cancelled; a server does.</summary>
    internal Task ScrubAsync(ScrubOptions options, CancellationToken cancellationToken) =>
        new Scrubber(_store, options, _timeProvider, _logger).RunAsync(cancellationToken);

    private (IReadOnlyList<EntryKey> Keys, string Reference)? Stored(ModelReference? reference)
    {
        if (reference is null)
            return null;
        var whole = PullRequest.KeyOf(reference);
        var keys = KeysOf(reference).ToHashSet();
        // By its name alone: a document that cannot be read is what a verification is for.
        if (Posix.TryStatus(_store.Layout.Entry(whole), followLinks: false, out _))
            keys.Add(whole);
        keys.UnionWith(DerivedKeysOf(reference.Text, [.. keys]));
        return keys.Count > 0
            ? ([.. keys], reference.Text)
            : throw new NotCachedException(
                reference.Text,
                $"'{reference}' is not in the store '{StorePath}'. 'larder list' shows what is."
            );
    }
}
