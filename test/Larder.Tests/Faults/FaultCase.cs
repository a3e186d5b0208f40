using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Scrub;

namespace Larder.Tests.Faults;

/// <summary>One operation of which one system call, or every one from there on, fails; and what must hold afterwards.</summary>
internal sealed record FaultCase(FaultedVerb Verb, string Fault, int Call, bool Always)
{
    private const int Old = 1;
    private const int New = 2;

    public string Setting => $"{Fault}:{Call}{(Always ? ":always" : "")}";

    /// <summary>A write that reported success and lost bytes: no program can know that when it happens.</summary>
    private bool IsSilentLoss => Fault is "write:torn" or "write:lie";

    private bool ReadsAllWrong => Fault == "read:flip" && Always;

    private bool IsFirst => Verb is FaultedVerb.FirstPull or FaultedVerb.FirstPullCopied;

    private MaterializeMode Materialize =>
        Verb == FaultedVerb.FirstPullCopied ? MaterializeMode.Copy : MaterializeMode.Auto;

    private int Target => Verb == FaultedVerb.SecondVersion ? New : Old;

    /// <summary>Does it; returns whether the fault was met, which tells the end of the range of calls, and what is wrong.</summary>
    public async Task<(bool Met, string? Failure)> RunAsync(CancellationToken cancellationToken)
    {
        using var models = new TwoModels();
        await PrepareAsync(models, cancellationToken);
        var run = await FaultyHost.RunAsync(
            Arguments(models),
            Setting,
            models.Root,
            $"LARDER_TEST_MATERIALIZE={Materialize}"
        );
        try
        {
            Assert.True(
                run.ExitCode is 0 or 1,
                "it crashed: neither success nor a failure of Larder's own with a message"
            );
            if (!run.Met)
                Assert.Equal(0, run.ExitCode);
            if (IsSilentLoss)
                await HealAsync(models, run, cancellationToken);
            await AssertUnharmedAsync(models, run, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Not thrown: all the calls that do harm are worth knowing, not only the first.
            return (
                run.Met,
                $"{Verb} with {Setting} (exit code {run.ExitCode}): {failure}\nThe host said: {run.Output}"
            );
        }
        return (run.Met, null);
    }

    private async Task PrepareAsync(TwoModels models, CancellationToken cancellationToken)
    {
        if (IsFirst)
            return;
        using var cache = Open(models);
        (await cache.PullAsync(models.BystanderReference, cancellationToken: cancellationToken)).Dispose();
        (await cache.PullAsync(models.Reference, cancellationToken: cancellationToken)).Dispose();
        models.Release(Target);
        if (Verb == FaultedVerb.Evict)
            await cache.PinAsync(models.BystanderReference, cancellationToken: cancellationToken);
        if (Verb == FaultedVerb.Repair)
            Tamper.Bit(
                new StoreLayout(models.Root).Blob(Digest.Of(TwoModels.Version(Old)["sub/vocabulary"])),
                bit: 1234
            );
    }

    private string[] Arguments(TwoModels models) =>
        Verb switch
        {
            FaultedVerb.FirstPull or FaultedVerb.FirstPullCopied or FaultedVerb.Hit =>
            [
                "pull",
                models.Root,
                models.Reference.Text,
            ],
            FaultedVerb.SecondVersion => ["refresh", models.Root, models.Reference.Text],
            FaultedVerb.Evict => ["evict", models.Root],
            FaultedVerb.Repair => ["repair", models.Root],
            FaultedVerb.Clear => ["clear", models.Root, models.Reference.Text],
            _ => ["list", models.Root],
        };

    private async Task AssertUnharmedAsync(TwoModels models, FaultRun run, CancellationToken cancellationToken)
    {
        using var cache = Open(models);
        await cache.SweepAsync(cancellationToken);
        // Also of the checksums that stand beside a blob nobody knows that they were lost, until they are read.
        if (Verb == FaultedVerb.Repair || IsSilentLoss)
            await AssertRepairsAsync(cache, run, cancellationToken);
        var found = cache.Find(models.Reference)?.Digest;
        AssertAcknowledged(run, found);
        // Nor of counts that were lost; and who reads everything wrong counts wrong. A server counts again from time to time.
        if (IsSilentLoss || ReadsAllWrong)
            Assert.True(await cache.TryReconcileAsync(cancellationToken));
        // An earlier version stays until the next removal; of a pull that failed nothing stays.
        StoreAudit.AssertWhole(models.Root, mayHoldOldVersions: !IsFirst && found == DigestOf(New));
        if (!IsFirst)
            await AssertServesAsync(cache, models.BystanderReference, TwoModels.Bystander, cancellationToken);
        if (found is not null)
            await AssertServesAsync(
                cache,
                models.Reference,
                TwoModels.Version(found == DigestOf(New) ? New : Old),
                cancellationToken
            );

        await AssertWorksAgainAsync(cache, models, cancellationToken);
    }

    /// <summary>What was said to be mended is; and what was not can be mended now.</summary>
    private async Task AssertRepairsAsync(ModelCache cache, FaultRun run, CancellationToken cancellationToken)
    {
        var report = await cache.VerifyAsync(null, new VerifyOptions { Repair = true }, cancellationToken);
        Assert.True(report.IsWhole, string.Join('\n', report.Findings.Select(finding => finding.Message)));
        if (run.Said("repaired") is not null && !IsSilentLoss)
            Assert.Empty(report.Findings);
    }

    /// <summary>What the host had been told before it began, and what it said itself, is so.</summary>
    private void AssertAcknowledged(FaultRun run, Digest? found)
    {
        if (IsSilentLoss)
            return; // Healed meanwhile.
        var mayBe = new List<Digest?> { DigestOf(Target) };
        if (Verb == FaultedVerb.SecondVersion && !run.Succeeded)
            mayBe.Add(DigestOf(Old));
        if (Verb is FaultedVerb.Clear or FaultedVerb.Evict || (IsFirst && !run.Succeeded))
            mayBe.Add(null);
        if (run.Said("cleared") == "1" || run.Said("evicted") == "1")
            mayBe = [null];
        Assert.Contains(found, mayBe);
        if (run.Said("pulled") is { } pulled)
            Assert.StartsWith(DigestOf(Target).ToString(), pulled, StringComparison.Ordinal);
    }

    private async Task AssertWorksAgainAsync(ModelCache cache, TwoModels models, CancellationToken cancellationToken)
    {
        using (
            var snapshot = await cache.PullAsync(
                models.Reference,
                new PullOptions { Refresh = true },
                cancellationToken
            )
        )
            Assert.Empty(TwoModels.Wrong(snapshot.Path, TwoModels.Version(Target)));
        StoreAudit.AssertWhole(models.Root, mayHoldOldVersions: true);
        Assert.Equal(1, (await cache.ClearAsync(models.Reference, cancellationToken)).RemovedEntries);
        // With an entry that was lost went what it knew of earlier versions: those are the first that are evicted.
        StoreAudit.AssertWhole(models.Root, mayHoldOldVersions: IsSilentLoss || ReadsAllWrong);
    }

    private static async Task AssertServesAsync(
        ModelCache cache,
        ModelReference reference,
        IReadOnlyDictionary<string, byte[]> files,
        CancellationToken cancellationToken
    )
    {
        using var snapshot = await cache.PullAsync(reference, new PullOptions { Offline = true }, cancellationToken);
        Assert.Empty(TwoModels.Wrong(snapshot.Path, files));
    }

    /// <summary>What holds when the disk has lost bytes and said that it had not.</summary>
    /// <remarks>
    /// Bytes that are missing at the end of a file are seen by its length before anybody is handed it, and fetched again.
    /// In the middle nobody sees it at the time, as the bytes were right when they were hashed: the pull is acknowledged and
    /// its snapshot is wrong. But a wrong file has another digest than its name for ever, so that whoever reads the store
    /// finds every one, and a clear and a pull mend it. A marker that was lost so is refused in words, and is to be removed by hand.
    /// </remarks>
    private async Task HealAsync(TwoModels models, FaultRun run, CancellationToken cancellationToken)
    {
        if (IsFirst && run.Output.Contains("is damaged", StringComparison.Ordinal))
        {
            File.Delete(Path.Combine(models.Root, StoreMarker.FileName));
            return;
        }
        if (run.Said("pulled") is { } pulled)
        {
            Assert.StartsWith(DigestOf(Target).ToString(), pulled, StringComparison.Ordinal);
            var snapshot = new StoreLayout(models.Root).Snapshot(DigestOf(Target));
            var faults = StoreAudit.FaultsOf(models.Root);
            Assert.All(
                TwoModels.Wrong(snapshot, TwoModels.Version(Target)),
                wrong => Assert.Contains(faults, fault => fault.StartsWith(wrong, StringComparison.Ordinal))
            );
        }
        using var cache = Open(models);
        await cache.ClearAsync(models.Reference, cancellationToken);
        (await cache.PullAsync(models.Reference, new PullOptions { Refresh = true }, cancellationToken)).Dispose();
    }

    private static Digest DigestOf(int version) => TwoModels.DigestOf(TwoModels.Version(version));

    private ModelCache Open(TwoModels models) =>
        new(new ModelCacheOptions { StorePath = models.Root, Materialize = Materialize });
}
