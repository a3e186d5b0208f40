using Larder.Origins;
using Larder.Pull;
using Larder.Store.Scrub;
using Larder.TestKit;

namespace Larder.Tests.Store.Scrub;

/// <summary>What <c>Repair</c> does, and what happens when it cannot.</summary>
public sealed partial class StoreVerifierTests
{
    [Fact]
    public async Task VerifyAsync_RepairOfADamagedBlob_FetchesThatFileOnly()
    {
        await PullTwoAsync();
        Tamper.Bit(LargeBlob, 9);
        var opened = _store.Origin.Opened.Count;

        var report = await VerifyAsync(Repairing);

        Assert.Equal((1, 1, 1, true), (report.Damaged, report.Repaired, report.Quarantined, report.IsWhole));
        Assert.Equal(["model.onnx"], _store.Origin.Opened.Skip(opened));
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task VerifyAsync_RepairFromADirectory_PutsTheBytesBack()
    {
        var directory = Directory.CreateDirectory(_store["origin"]).FullName;
        await File.WriteAllBytesAsync(Path.Join(directory, "model.onnx"), Large, Cancellation);

        await AssertRepairsAsync(ModelReference.OfPath(directory));
    }

    [Fact]
    public async Task VerifyAsync_RepairFromHttp_PutsTheBytesBack()
    {
        await using var server = ScriptedHttpServer.Serving(Large);

        await AssertRepairsAsync(ModelReference.Parse(server.Url("/model.onnx")));
    }

    [Fact]
    public async Task VerifyAsync_RepairOfAReferenceWithAQuery_NeedsTheWholeReference()
    {
        await using var server = ScriptedHttpServer.Serving(Large);
        var reference = ModelReference.Parse(server.Url("/model.onnx?key=secret"));
        (await _store.Cache.PullAsync(reference, cancellationToken: Cancellation)).Dispose();
        Tamper.Bit(LargeBlob, 9);

        var all = await VerifyAsync(Repairing);
        // Gone by now, and still needed.
        var one = await _store.Cache.VerifyAsync(reference, Repairing, Cancellation);

        Assert.Equal((1, 0), (all.Damaged, all.Repaired));
        Assert.Contains("Pull it again yourself", Assert.Single(all.Findings).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", Assert.Single(all.Findings).Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (one.Damaged, one.Repaired));
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task VerifyAsync_RepairAndTheOriginIsGone_StaysDamagedAndSaysWhatToDo()
    {
        await PullTwoAsync();
        Tamper.Bit(LargeBlob, 9);
        _store.Origin.Failure = new OriginException(OriginFailure.Unavailable, "fake", "The origin is down.");

        var report = await VerifyAsync(Repairing);

        Assert.Equal((1, 0, 1, false), (report.Damaged, report.Repaired, report.Quarantined, report.IsWhole));
        var message = Assert.Single(report.Findings).Message;
        Assert.Contains("could not be repaired: The origin is down.", message, StringComparison.Ordinal);
        Assert.Contains("larder pull", message, StringComparison.Ordinal);
        // Still wanted: the next look says that it is missing, and a repair brings it back.
        _store.Origin.Failure = null;
        Assert.Equal(FindingFault.Missing, Assert.Single((await VerifyAsync()).Findings).Fault);
        Assert.True((await VerifyAsync(Repairing)).IsWhole);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task VerifyAsync_RepairAndOffline_AsksNoOrigin()
    {
        await PullTwoAsync();
        Tamper.Bit(LargeBlob, 9);
        _store.Origin.IsForbidden = true;

        var report = await VerifyAsync(Repairing with { Offline = true });

        Assert.Equal((1, 0), (report.Damaged, report.Repaired));
    }

    [Fact]
    public async Task VerifyAsync_RepairAndTheOriginHasAnotherVersion_FetchesItAndSaysSo()
    {
        await PullTwoAsync();
        Tamper.Bit(LargeBlob, 9);
        _store.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 2));

        var report = await VerifyAsync(Repairing);

        Assert.True(report.IsWhole);
        Assert.Contains("has another version", Assert.Single(report.Findings).Message, StringComparison.Ordinal);
        using var now = await _store.PullAsync();
        Assert.Equal(PullOutcome.Hit, now.Outcome);
        Assert.Equal(
            TestBytes.Of(5000, seed: 2),
            await File.ReadAllBytesAsync(Path.Join(now.Path, "model.onnx"), Cancellation)
        );
    }

    [Fact]
    public async Task VerifyAsync_ManyDamagedFilesOfOneModel_ArePulledOnce()
    {
        await PullTwoAsync();
        Tamper.Bit(LargeBlob, 9);
        Tamper.Bit(SmallBlob, 9);
        var listings = _store.Origin.Listings;

        var report = await VerifyAsync(Repairing);

        Assert.Equal((2, 2), (report.Damaged, report.Repaired));
        Assert.Equal(listings + 1, _store.Origin.Listings);
    }

    [Fact]
    public async Task VerifyAsync_OthersPullAndClearMeanwhile_FindsNothing()
    {
        for (var i = 0; i < 4; i++)
        {
            var model = Directory.CreateDirectory(_store[$"models/{i}"]).FullName;
            await File.WriteAllBytesAsync(Path.Join(model, "model.onnx"), TestBytes.Of(300_000 + i, i), Cancellation);
            await File.WriteAllBytesAsync(Path.Join(model, "large"), TestBytes.Of(Block + i, i), Cancellation);
            await File.WriteAllBytesAsync(Path.Join(model, "shared"), TestBytes.Of(5000, seed: 99), Cancellation);
        }
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        using var first = HostProcess.Start(["churn", _store.Root, _store["models"], $"{seed}"]);
        using var second = HostProcess.Start(["churn", _store.Root, _store["models"], $"{seed + 1}"]);
        await first.ReadToAsync("pulled");
        await second.ReadToAsync("pulled");

        for (var round = 0; round < 25; round++)
        {
            var report = await VerifyAsync();
            Assert.True(report.IsWhole, string.Join('\n', report.Findings.Select(finding => finding.Message)));
            Assert.Empty(report.Findings);
        }

        await first.KillAsync();
        await second.KillAsync();
        await _store.Open().SweepAsync(Cancellation);
        StoreAudit.AssertWhole(_store.Root, mayHoldOldVersions: true);
    }

    private async Task AssertRepairsAsync(ModelReference reference)
    {
        (await _store.Cache.PullAsync(reference, cancellationToken: Cancellation)).Dispose();
        Tamper.Bit(LargeBlob, 9);

        var report = await VerifyAsync(Repairing);

        Assert.Equal((1, 1, 1), (report.Damaged, report.Repaired, report.Quarantined));
        Assert.Equal(Large, await File.ReadAllBytesAsync(LargeBlob, Cancellation));
        StoreAudit.AssertWhole(_store.Root);
    }
}
