using Larder.Content;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Scrub;
using Larder.TestKit;

namespace Larder.Tests.Store.Scrub;

/// <summary>Entries, manifests, snapshots and lists of checksums.</summary>
public sealed partial class StoreVerifierTests
{
    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("""{"request":{}}""")]
    public async Task VerifyAsync_EntryDamaged_IsQuarantinedAndTheNextPullIsAMiss(string text)
    {
        await PullTwoAsync();
        var entry = Assert.Single(TestStore.Files(_store.Layout.Entries));
        await File.WriteAllTextAsync(entry, text, Cancellation);

        var report = await VerifyAsync();

        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingSubject.Entry, entry), (finding.Subject, finding.Path));
        Assert.True(File.Exists(finding.QuarantinePath));
        Assert.False(File.Exists(entry));
        Assert.Equal(PullOutcome.Miss, (await _store.PullAndReleaseAsync()).Outcome);
    }

    [Fact]
    public async Task VerifyAsync_EntryUnderAnotherName_IsQuarantined()
    {
        await PullTwoAsync();
        var entry = Assert.Single(TestStore.Files(_store.Layout.Entries));
        var moved = Path.Combine(Path.GetDirectoryName(entry)!, new string('0', 62) + ".json");
        File.Copy(entry, moved);

        var report = await VerifyAsync();

        Assert.Equal(moved, Assert.Single(report.Findings).Path);
        Assert.Equal(1, report.Quarantined);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task VerifyAsync_EntryOfTheReferenceDamaged_IsRepaired()
    {
        await PullTwoAsync();
        await File.WriteAllTextAsync(Assert.Single(TestStore.Files(_store.Layout.Entries)), "not JSON", Cancellation);

        var report = await _store.Cache.VerifyAsync(_store.Reference, Repairing, Cancellation);

        Assert.Equal((1, 1, 1), (report.Damaged, report.Repaired, report.Quarantined));
        StoreAudit.AssertWhole(_store.Root);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("")]
    public async Task VerifyAsync_ManifestDamaged_IsQuarantinedWithItsSnapshot(string text)
    {
        var snapshot = await PullTwoAsync();
        var manifest = Assert.Single(TestStore.Files(_store.Layout.Manifests));
        await File.WriteAllTextAsync(manifest, text, Cancellation);

        var report = await VerifyAsync();

        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingSubject.Manifest, 1), (finding.Subject, finding.References.Count));
        Assert.False(Directory.Exists(snapshot.Path));
        await _store.PullAndReleaseAsync();
        Assert.True((await VerifyAsync()).IsWhole);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task VerifyAsync_ManifestMissing_IsReportedAndRepaired()
    {
        await PullTwoAsync();
        File.Delete(Assert.Single(TestStore.Files(_store.Layout.Manifests)));

        var report = await VerifyAsync(Repairing);

        // The manifest, and the snapshot of which nobody can tell any more what belongs into it.
        Assert.Equal(
            [FindingSubject.Manifest, FindingSubject.Snapshot],
            report.Findings.Select(finding => finding.Subject).Order()
        );
        Assert.True(report.IsWhole);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task VerifyAsync_BlobMissing_IsReportedWithItsReference()
    {
        var snapshot = await PullTwoAsync();
        Directory.Delete(snapshot.Path, recursive: true);
        File.Delete(SmallBlob);

        var finding = Assert.Single((await VerifyAsync()).Findings);

        Assert.Equal((FindingFault.Missing, SmallBlob), (finding.Fault, finding.Path));
        Assert.Equal(["fake://origin/model/"], finding.References);
    }

    [Fact]
    public async Task VerifyAsync_BlobMissingAndItsSnapshotWhole_ComesBackFromTheSnapshot()
    {
        await PullTwoAsync();
        File.Delete(SmallBlob);
        _store.Origin.IsForbidden = true;

        var report = await VerifyAsync(Repairing);

        Assert.Equal((1, 1), (report.Damaged, report.Repaired));
        StoreAudit.AssertWhole(_store.Root);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task VerifyAsync_CopyInASnapshotDamaged_GoesAndIsBuiltAgainWithoutTheOrigin(bool silently)
    {
        using var store = new TestStore(MaterializeMode.Copy);
        store.Origin.Put("model.onnx", Large);
        var snapshot = await store.PullAndReleaseAsync();
        var file = Path.Join(snapshot.Path, "model.onnx");
        if (silently)
            Tamper.Bit(file, 8L * Block);
        else
            Tamper.InPlace(file);
        store.Origin.IsForbidden = true;

        var report = await store.Cache.VerifyAsync(null, Repairing, Cancellation);

        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingSubject.Snapshot, snapshot.Path), (finding.Subject, finding.Path));
        Assert.Equal(silently ? [new ByteRange(Block, Block)] : [], finding.DamagedRanges);
        Assert.Equal((1, 1), (report.Repaired, report.Quarantined));
        StoreAudit.AssertWhole(store.Root);
    }

    [Fact]
    public async Task VerifyAsync_BlobOfACopiedSnapshotDamaged_ComesBackFromTheCopy()
    {
        using var store = new TestStore(MaterializeMode.Copy);
        store.Origin.Put("model.onnx", Large);
        await store.PullAndReleaseAsync();
        Tamper.Bit(store.Layout.Blob(Digest.Of(Large)), 5);
        store.Origin.IsForbidden = true;

        var report = await store.Cache.VerifyAsync(null, Repairing, Cancellation);

        Assert.Equal((1, 1, 1), (report.Damaged, report.Repaired, report.Quarantined));
        Assert.True(File.Exists(BlockChecksumFile.PathFor(store.Layout.Blob(Digest.Of(Large)))));
        StoreAudit.AssertWhole(store.Root);
    }

    [Fact]
    public async Task VerifyAsync_FileOfASnapshotDeleted_IsDamage()
    {
        var snapshot = await PullTwoAsync();
        File.Delete(Path.Join(snapshot.Path, "sub/labels.txt"));

        var report = await VerifyAsync(Repairing);

        Assert.Contains("'sub/labels.txt'", Assert.Single(report.Findings).Message, StringComparison.Ordinal);
        Assert.True(report.IsWhole);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task VerifyAsync_NoListOfChecksums_WritesItAndSaysNothing()
    {
        await PullTwoAsync();
        var list = BlockChecksumFile.PathFor(LargeBlob);
        var right = await File.ReadAllBytesAsync(list, Cancellation);
        File.Delete(list);

        Assert.Empty((await VerifyAsync()).Findings);

        Assert.Equal(right, await File.ReadAllBytesAsync(list, Cancellation));
        StoreAudit.AssertWhole(_store.Root);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(35)]
    public async Task VerifyAsync_ListOfChecksumsDamaged_IsWrittenAgain(int length)
    {
        await PullTwoAsync();
        var list = BlockChecksumFile.PathFor(LargeBlob);
        Tamper.Length(list, (int)(length - new FileInfo(list).Length));

        var report = await VerifyAsync();

        Assert.Equal((FindingSubject.ChecksumList, true), (Assert.Single(report.Findings).Subject, report.IsWhole));
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task CommitAsync_BlobsOfOneAndOfSeveralBlocks_ListsOnlyTheSecond()
    {
        _store.Origin.Put("one", TestBytes.Of(Block)).Put("several", TestBytes.Of(Block + 1));
        await _store.PullAndReleaseAsync();

        var list = Assert.Single(TestStore.Files(_store.Layout.Blobs), BlockChecksumFile.IsOne);

        Assert.Equal(_store.Layout.Blob(Digest.Of(TestBytes.Of(Block + 1))), BlockChecksumFile.BlobOf(list));
        Assert.Equal(
            (2, (2L * Block) + 1),
            (_store.Cache.GetStatistics() is var all ? (all.Blobs, all.Cache.Bytes) : default)
        );
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task ClearAsync_BlobOfSeveralBlocks_TakesItsListAlong()
    {
        await PullTwoAsync();

        await _store.Cache.ClearAsync(null, Cancellation);

        StoreAudit.AssertEmpty(_store.Root);
    }

    [Fact]
    public async Task ClearAsync_AnotherModel_LeavesTheList()
    {
        await PullTwoAsync();
        var other = FakeOrigin.Reference("other");
        _store.Origin.Put("model.onnx", TestBytes.Of(10, seed: 5));
        (await _store.Cache.PullAsync(other, cancellationToken: Cancellation)).Dispose();

        await _store.Cache.ClearAsync(other, Cancellation);

        Assert.True(File.Exists(BlockChecksumFile.PathFor(LargeBlob)));
    }

    [Fact]
    public async Task PullAsync_LargeBlobTouched_ListGoesToTheQuarantineAndANewOneComes()
    {
        await PullTwoAsync();
        Tamper.InPlace(LargeBlob);

        await _store.PullAndReleaseAsync();

        Assert.Single(TestStore.Files(_store.Layout.Quarantine), BlockChecksumFile.IsOne);
        Assert.True(File.Exists(BlockChecksumFile.PathFor(LargeBlob)));
        StoreAudit.AssertWhole(_store.Root);
    }

    private static VerifyOptions Repairing { get; } = new() { Repair = true };
}
