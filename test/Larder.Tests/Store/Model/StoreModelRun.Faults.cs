using Larder.Content;
using Larder.Store;
using Larder.Store.Scrub;

namespace Larder.Tests.Store.Model;

internal sealed partial class StoreModelRun
{
    private async Task FlipAndRepairAsync(int model, int number)
    {
        if (!_oracle.Entries.TryGetValue(model, out var version))
            return;
        var (blob, sizeBytes) = ModelShelf.BlobsOf(version).ElementAt(number % 3);
        Tamper.Bit(_layout.Blob(blob), (long)number * 37 % (sizeBytes * 8));

        var report = await _cache.VerifyAsync(null, new VerifyOptions { Repair = true });

        Assert.True(report.Damaged > 0, "the flipped bit was not found");
        Assert.True(report.IsWhole, string.Join('\n', report.Findings.Select(finding => finding.Message)));
        foreach (
            var concerned in _oracle.Entries.Where(entry => Has(entry.Value, blob)).Select(entry => entry.Key).ToList()
        )
        {
            // The pull of another may have brought the blob back, so that the version could stay; else the origin's is fetched.
            var now = _cache.Find(_shelf.Reference(concerned))!.Digest;
            Assert.Contains(now, (Digest[])[_oracle.Entries[concerned], _shelf.Published(concerned)]);
            _oracle.Pulled(concerned, now, _time.GetUtcNow());
        }
        foreach (var lease in _leases.Where(lease => Has(lease.Snapshot.Digest, blob)))
        {
            lease.IsSpoiled = true;
            // What a lease without an entry keeps is found by its snapshot, and that is in the quarantine.
            if (!_oracle.Entries.ContainsValue(lease.Snapshot.Digest))
                _oracle.Spoiled.Add(lease.Snapshot.Digest);
        }
        if (!File.Exists(_layout.Blob(blob)))
            _oracle.Spoiled.UnionWith(_oracle.MayBeThere.Where(spoiled => Has(spoiled, blob)));
        // What lies there holds files of its snapshots by links, so that removing them gives nothing back.
        Directory.Delete(_layout.Quarantine, recursive: true);
        Directory.CreateDirectory(_layout.Quarantine);
    }

    private async Task FailCommitAsync(int model, CommitStep failing)
    {
        var isReached = false;
        _cache.StepReached = step =>
        {
            if (step != failing)
                return;
            isReached = true;
            throw new IOException("made to fail");
        };
        try
        {
            await PullAsync(_cache, model, refresh: true);
            Assert.False(isReached, "a commit that failed was acknowledged");
        }
        catch (StoreException) when (isReached)
        {
            if (failing == CommitStep.EntryPlaced)
                Placed(model);
        }
        finally
        {
            _cache.StepReached = static _ => { };
        }
    }

    private async Task KillCommitAsync(int model, CommitStep step)
    {
        var (exitCode, output) = await HostProcess.RunAsync([
            "pull",
            _layout.Root,
            _shelf.Reference(model).Text,
            step.ToString(),
        ]);
        // A process that found the present version there had nothing to commit.
        Assert.True(exitCode is 0 or HostProcess.KilledExitCode, output);
        if (exitCode == 0 || step == CommitStep.EntryPlaced)
            Placed(model);
        await RestartAsync();
    }

    private async Task KillClearAsync(int model)
    {
        var expected = _oracle.ClearedOf([model]);
        var (exitCode, output) = await HostProcess.RunAsync([
            "clear",
            _layout.Root,
            _shelf.Reference(model).Text,
            nameof(CommitStep.NamesTaken),
        ]);
        Assert.True(exitCode == HostProcess.KilledExitCode, output);
        _oracle.Removed(expected);
        await RestartAsync();
    }

    // Without a use: whoever did it was stopped before, or had a clock of a day ago.
    private void Placed(int model)
    {
        var lastUse = _oracle.LastUses.GetValueOrDefault(model, DateTimeOffset.UnixEpoch);
        _oracle.Pulled(model, _shelf.Published(model), lastUse);
    }

    private static bool Has(Digest version, Digest blob) => ModelShelf.BlobsOf(version).ContainsKey(blob);
}
