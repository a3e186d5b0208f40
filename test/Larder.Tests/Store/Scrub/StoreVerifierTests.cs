using System.Globalization;
using Larder.Content;
using Larder.Pull;
using Larder.Store;
using Larder.Store.Scrub;
using Larder.TestKit;

namespace Larder.Tests.Store.Scrub;

public sealed partial class StoreVerifierTests(ITestOutputHelper output) : IDisposable
{
    private const int Block = BlockChecksums.BlockSizeBytes;

    private readonly TestStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static byte[] Large { get; } = TestBytes.Of((3 * Block) + 100);

    [Fact]
    public async Task VerifyAsync_NothingDamaged_FindsNothing()
    {
        await PullTwoAsync();

        var report = await VerifyAsync();

        Assert.Empty(report.Findings);
        Assert.True(report.IsWhole);
        // Two blobs, a manifest, an entry and a snapshot.
        Assert.Equal((5, 0, 0, 0), (report.Checked, report.Damaged, report.Repaired, report.Quarantined));
        Assert.InRange(report.BytesRead, Large.Length + 7, Large.Length + 7 + 4000);
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task VerifyAsync_EmptyStore_ChecksNothing() =>
        Assert.Equal((0, true), (await VerifyAsync()) is var report ? (report.Checked, report.IsWhole) : default);

    [Fact]
    public Task VerifyAsync_ABitFlippedInEachOf100Blobs_FindsThemAllAndNoOther() => FlipAsync(100);

    [Fact]
    [Trait("Category", "Full")]
    public Task VerifyAsync_ABitFlippedInEachOf1000Blobs_FindsThemAllAndNoOther() => FlipAsync(1000);

    [Fact]
    public async Task VerifyAsync_FlipsInABlobOfSeveralBlocks_NamesTheBlocks()
    {
        await PullTwoAsync();
        Tamper.Bit(LargeBlob, (8L * Block) - 1);
        Tamper.Bit(LargeBlob, 8L * Block);
        Tamper.Bit(LargeBlob, (8L * Large.Length) - 1);

        var finding = Assert.Single((await VerifyAsync()).Findings);

        Assert.Equal([new ByteRange(0, 2 * Block), new ByteRange(3 * Block, 100)], finding.DamagedRanges);
        Assert.Equal(["fake://origin/model/"], finding.References);
        Assert.Equal(Digest.Of(Large), finding.Digest);
        Assert.True(File.Exists(BlockChecksumFile.PathFor(finding.QuarantinePath!)));
        Assert.False(File.Exists(BlockChecksumFile.PathFor(LargeBlob)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-((2 * Block) + 50))]
    [InlineData(1)]
    public async Task VerifyAsync_AnotherLength_IsDamage(int change)
    {
        await PullTwoAsync();
        Tamper.Length(LargeBlob, change);

        var report = await VerifyAsync();

        var range = Assert.Single(Assert.Single(report.Findings, IsBlob).DamagedRanges);
        Assert.Equal(Math.Max(Large.Length, Large.Length + change), range.Offset + range.Length);
        Assert.False(File.Exists(LargeBlob));
        await AssertHealsAsync("model.onnx");
    }

    [Fact]
    public async Task VerifyAsync_BlobOfNoBytes_IsDamage()
    {
        await PullTwoAsync();
        Tamper.Length(SmallBlob, -7);

        var finding = Assert.Single((await VerifyAsync()).Findings, IsBlob);

        Assert.Empty(finding.DamagedRanges);
        Assert.NotNull(finding.QuarantinePath);
        await AssertHealsAsync("sub/labels.txt");
    }

    [Fact]
    public async Task VerifyAsync_BlobTouchedWithItsBytesRight_GoesAwayAsAPullWouldSendIt()
    {
        await PullTwoAsync();
        File.SetLastWriteTimeUtc(SmallBlob, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var finding = Assert.Single((await VerifyAsync()).Findings, IsBlob);

        Assert.Contains("has been touched", finding.Message, StringComparison.Ordinal);
        await AssertHealsAsync("sub/labels.txt");
    }

    [Theory]
    [InlineData("directory")]
    [InlineData("link")]
    [InlineData("pipe")]
    public async Task VerifyAsync_NoFileWhereABlobShouldBe_IsMovedAway(string what)
    {
        await PullTwoAsync();
        File.Delete(SmallBlob);
        if (what == "directory")
            Directory.CreateDirectory(SmallBlob);
        else if (what == "link")
            File.CreateSymbolicLink(SmallBlob, "/etc/hostname");
        else
            Pipe.Make(SmallBlob);

        var report = await VerifyAsync();

        Assert.Contains("is no plain file", Assert.Single(report.Findings, IsBlob).Message, StringComparison.Ordinal);
        Assert.Equal(1, report.Quarantined);
        Assert.False(Path.Exists(SmallBlob));
    }

    [Fact]
    public async Task VerifyAsync_BlobThatCannotBeRead_IsReportedLeftAndTheOthersAreVerified()
    {
        await PullTwoAsync();
        Tamper.Bit(SmallBlob, 3);
        Read((path, read) => path == LargeBlob ? throw new IOException("Input/output error", 5) : read());

        var report = await VerifyAsync();

        Assert.Equal((1, 1, 1), (report.Unreadable, report.Damaged, report.Quarantined));
        Assert.Equal(LargeBlob, Assert.Single(report.Findings, IsUnreadable).Path);
        Assert.True(File.Exists(LargeBlob));
        Assert.False(report.IsWhole);
    }

    [Fact]
    public async Task VerifyAsync_EverythingUnreadable_IsReportedAndNothingIsMoved()
    {
        await PullTwoAsync();
        var before = TestStore.Files(_store.Root);
        Read((_, _) => throw new IOException("Input/output error", 5));

        var report = await VerifyAsync();

        // What the entry names nobody can tell; the manifest and the blobs are tried all the same.
        Assert.Equal((4, 0), (report.Unreadable, report.Damaged));
        Assert.Equal(before, TestStore.Files(_store.Root));
    }

    [Fact]
    public async Task VerifyAsync_WrongOnTheFirstReadOnly_IsNoDamage()
    {
        await PullTwoAsync();
        var reads = 0;
        _store.Cache.ReadBytes = (path, file, buffer, offset) =>
        {
            var count = RandomAccess.Read(file, buffer, offset);
            if (path == LargeBlob && offset == Block && Interlocked.Increment(ref reads) == 1)
                buffer[17] ^= 4;
            return count;
        };

        var report = await VerifyAsync();

        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingFault.TransientRead, LargeBlob), (finding.Fault, finding.Path));
        Assert.Equal((true, 1, 0), (report.IsWhole, report.TransientErrors, report.Quarantined));
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task VerifyAsync_WrongOnTheFirstReadOfEachPart_IsNoDamage()
    {
        using var store = new TestStore(MaterializeMode.Copy);
        store.Origin.Put("model.onnx", Large);
        await store.PullAndReleaseAsync();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        store.Cache.ReadBytes = (path, file, buffer, offset) =>
        {
            var count = RandomAccess.Read(file, buffer, offset);
            lock (seen)
            {
                if (seen.Add(path))
                    buffer[3] ^= 4;
            }
            return count;
        };

        var report = await store.Cache.VerifyAsync(null, cancellationToken: Cancellation);

        Assert.Equal((4, 0, true), (report.TransientErrors, report.Quarantined, report.IsWhole));
        StoreAudit.AssertWhole(store.Root);
    }

    [Fact]
    public async Task VerifyAsync_DamagedBlobReplacedByAGoodOneBeforeItIsMoved_LeavesTheGoodOne()
    {
        await PullTwoAsync();
        Tamper.Bit(SmallBlob, 3);
        var reads = 0;
        Read(
            (path, read) =>
            {
                var count = read();
                // The end of the second look: what comes next is the move.
                if (path == SmallBlob && count == 0 && ++reads == 2)
                    ReplaceByAGoodOne(SmallBlob, "cat dog"u8);
                return count;
            }
        );

        var report = await VerifyAsync();

        Assert.Equal("cat dog", await File.ReadAllTextAsync(SmallBlob, Cancellation));
        Assert.Equal((1, 1, 0), (report.Damaged, report.Repaired, report.Quarantined));
    }

    [Fact]
    public async Task Move_AnotherHasTheNameByNow_IsPutBack()
    {
        await PullTwoAsync();
        Posix.TryStatus(LargeBlob, out var another);
        var quarantine = _store.OpenStore().Quarantine;

        Assert.Null(quarantine.Move(SmallBlob, another));

        Assert.Empty(TestStore.Files(_store.Layout.Quarantine));
        StoreAudit.AssertWhole(_store.Root);
    }

    [Fact]
    public async Task VerifyAsync_SnapshotOfADamagedBlobIsLeased_IsMovedAwayAllTheSame()
    {
        using var store = new TestStore(MaterializeMode.Hardlink);
        store.Origin.Put("model.onnx", Large).Put("sub/labels.txt", "cat dog"u8.ToArray());
        using var leased = await store.PullAsync();
        Tamper.Bit(store.Layout.Blob(Digest.Of(Large)), 77);

        var report = await store.Cache.VerifyAsync(null, cancellationToken: Cancellation);

        Assert.False(Directory.Exists(leased.Path));
        Assert.Contains(
            "every snapshot that held it",
            Assert.Single(report.Findings).Message,
            StringComparison.Ordinal
        );
        using var healed = await store.PullAsync();
        Assert.Equal((PullOutcome.Miss, 1), (healed.Outcome, healed.FilesFetched));
        Assert.Equal(Large, await File.ReadAllBytesAsync(Path.Join(healed.Path, "model.onnx"), Cancellation));
        StoreAudit.AssertWholeInUse(store.Root);
    }

    [Fact]
    public async Task VerifyAsync_APullHasJustTakenTheDamagedBlobForReuse_TheDamageIsNotPutBack()
    {
        await PullTwoAsync();
        Tamper.Bit(LargeBlob, 77);
        _store.Origin.Put("sub/labels.txt", "cat cow"u8.ToArray());
        _store.Origin.Opening.Close();
        var pulling = _store.PullAsync(new PullOptions { Refresh = true });
        await _store.Origin.Opening.Reached;

        await VerifyAsync();
        _store.Origin.Opening.Open();

        using var pulled = await pulling;
        Assert.Equal(Large, await File.ReadAllBytesAsync(Path.Join(pulled.Path, "model.onnx"), Cancellation));
        Assert.Equal(Large, await File.ReadAllBytesAsync(LargeBlob, Cancellation));
    }

    [Fact]
    public async Task VerifyAsync_OneReference_ReadsItsFilesOnly()
    {
        await PullTwoAsync();
        var other = FakeOrigin.Reference("other");
        _store.Origin.Put("model.onnx", TestBytes.Of(10, seed: 5));
        (await _store.Cache.PullAsync(other, cancellationToken: Cancellation)).Dispose();
        Tamper.Bit(LargeBlob, 1);

        Assert.Empty((await _store.Cache.VerifyAsync(other, cancellationToken: Cancellation)).Findings);
        Assert.Single((await _store.Cache.VerifyAsync(_store.Reference, cancellationToken: Cancellation)).Findings);
    }

    [Fact]
    public async Task VerifyAsync_ReferenceThatIsNotStored_Throws() =>
        await Assert.ThrowsAsync<NotCachedException>(() =>
            _store.Cache.VerifyAsync(_store.Reference, cancellationToken: Cancellation)
        );

    [Fact]
    public async Task VerifyAsync_OldVersionThatNoEntryReaches_IsVerifiedToo()
    {
        await PullTwoAsync();
        _store.Origin.Put("model.onnx", TestBytes.Of(10, seed: 5));
        await _store.PullAndReleaseAsync(new PullOptions { Refresh = true });
        Tamper.Bit(LargeBlob, 1);

        var finding = Assert.Single((await VerifyAsync()).Findings);

        Assert.Equal((LargeBlob, 0), (finding.Path, finding.References.Count));
    }

    [Fact]
    public async Task VerifyAsync_Cancelled_Stops()
    {
        await PullTwoAsync();
        using var source = new CancellationTokenSource();
        Read(
            (_, read) =>
            {
                source.Cancel();
                return read();
            }
        );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _store.Cache.VerifyAsync(null, cancellationToken: source.Token)
        );
    }

    [Fact]
    public async Task VerifyAsync_Progress_EndsWithAllFilesAndBytes()
    {
        await PullTwoAsync();
        var progress = new RecordingProgress();

        await _store.Cache.VerifyAsync(null, new VerifyOptions { Progress = progress }, Cancellation);

        var last = progress.Reports[^1];
        Assert.Equal((2, 2, Large.Length + 7L), (last.FilesDone, last.Files, last.BytesDone));
    }

    public void Dispose() => _store.Dispose();

    private static bool IsBlob(VerifyFinding finding) => finding.Subject == FindingSubject.Blob;

    private static bool IsUnreadable(VerifyFinding finding) => finding.Fault == FindingFault.Unreadable;

    private string LargeBlob => _store.Layout.Blob(Digest.Of(Large));

    private string SmallBlob => _store.Layout.Blob(Digest.Of("cat dog"u8));

    private Task<Snapshot> PullTwoAsync()
    {
        _store.Origin.Put("model.onnx", Large).Put("sub/labels.txt", "cat dog"u8.ToArray());
        return _store.PullAndReleaseAsync();
    }

    private Task<VerifyReport> VerifyAsync(VerifyOptions? options = null) =>
        _store.Cache.VerifyAsync(null, options, Cancellation);

    /// <summary>Puts a disk of the test's own below the verification.</summary>
    private void Read(Func<string, Func<int>, int> disk) =>
        _store.Cache.ReadBytes = (path, file, buffer, offset) =>
        {
            var bytes = new byte[buffer.Length];
            var count = disk(path, () => RandomAccess.Read(file, bytes, offset));
            bytes.AsSpan(0, count).CopyTo(buffer);
            return count;
        };

    private void ReplaceByAGoodOne(string path, ReadOnlySpan<byte> bytes)
    {
        var good = _store["good"];
        File.WriteAllBytes(good, bytes);
        using (var file = File.OpenHandle(good))
            Durability.Seal(file, good);
        Posix.Rename(good, path);
    }

    /// <summary>The next pull fetches one file and all is well.</summary>
    private async Task AssertHealsAsync(string path)
    {
        var opened = _store.Origin.Opened.Count;
        await _store.PullAndReleaseAsync();

        Assert.Equal([path], _store.Origin.Opened.Skip(opened));
        Assert.Empty((await VerifyAsync()).Findings);
        StoreAudit.AssertWhole(_store.Root);
    }

    private async Task FlipAsync(int count)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < count + 50; i++)
            _store.Origin.Put(Name(i), TestBytes.Of(random.Next(1, 3000), seed: i));
        var snapshot = await _store.PullAndReleaseAsync();
        var files = snapshot.Manifest.Files.ToArray();
        random.Shuffle(files);
        var damaged = files[..count].Select(file => file.Digest).ToHashSet();
        foreach (var file in files[..count])
            Tamper.Bit(_store.Layout.Blob(file.Digest), random.NextInt64(file.SizeBytes * 8));

        var report = await VerifyAsync();

        Assert.Equal((count, count), (report.Damaged, report.Quarantined));
        Assert.Equal(damaged, report.Findings.Select(finding => finding.Digest!.Value).ToHashSet());
        Assert.All(files[..count], file => Assert.False(File.Exists(_store.Layout.Blob(file.Digest))));
        Assert.All(files[count..], file => Assert.True(File.Exists(_store.Layout.Blob(file.Digest))));
        using var healed = await _store.PullAsync();
        Assert.Equal(count, healed.FilesFetched);
        StoreAudit.AssertWholeInUse(_store.Root);

        static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"file{index:0000}");
    }
}
