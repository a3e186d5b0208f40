using Larder.Content;
using Larder.Sharing;
using Larder.Sharing.Administration;
using Larder.TestKit;

namespace Larder.Tests.Sharing.Administration;

public sealed class SharedStoreAdminTests : IAsyncDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ManualTimeProvider _time = new();
    private readonly SharedTeam _team;
    private readonly SharedStoreAdmin _admin;

    public SharedStoreAdminTests()
    {
        _team = new SharedTeam(_time);
        _admin = new SharedStoreAdmin(_team.Store, _time);
    }

    private static CancellationToken Token => SharedCacheCalls.Token;

    public ValueTask DisposeAsync() => _team.DisposeAsync();

    [Fact]
    public async Task ListAsync_OfAnEntry_TellsAllOfIt()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        var published = _time.GetUtcNow();
        _time.Advance(Day);

        var entry = Assert.Single(await ListAsync());

        Assert.Equal(("main", "pass", answer.Key.Digest), (entry.Namespace, entry.Kind, entry.Key));
        Assert.Equal(
            ((Digest?)answer.Manifest.Digest, answer.Manifest.SizeBytes, 2),
            (entry.Manifest, entry.SizeBytes, entry.Files)
        );
        Assert.Equal(
            (published, (DateTimeOffset?)answer.Entry.Created, Day),
            (entry.Published, entry.Created, entry.Age)
        );
        Assert.Equal(("s3://bucket/model/", answer.EntryName), (entry.Reference, entry.Name));
        Assert.Null(entry.Signer);
    }

    [Fact]
    public async Task ListAsync_OfASignedEntry_NamesItsSigner()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP256
        );
        var options = new SharedCacheOptions { SigningKeyPem = key.ExportPkcs8PrivateKeyPem() };
        await _team.PublishNewAsync(SharedTeam.Key(), options: options);

        var entry = Assert.Single(await ListAsync("main"));

        Assert.Equal(Digest.Of(key.ExportSubjectPublicKeyInfo()), entry.Signer);
        Assert.Equal("main", entry.Namespace);
    }

    [Fact]
    public async Task ListAsync_OfANamespace_LeavesOutThoseThatBeginAlike()
    {
        await _team.PublishNewAsync(SharedTeam.Key());
        await _team.PublishNewAsync(SharedTeam.Key(), options: new SharedCacheOptions { Namespace = "main-2" });

        Assert.Equal("main", Assert.Single(await ListAsync("main")).Namespace);
        Assert.Equal(2, (await ListAsync()).Count);
        Assert.Empty(await ListAsync("mai"));
    }

    [Fact]
    public async Task ListAsync_OfManyEntries_ListsEachOnce()
    {
        for (var i = 0; i < 40; i++)
            await _team.PublishNewAsync(SharedTeam.Key($"key {i}"));

        Assert.Equal(40, (await ListAsync()).Select(entry => entry.Key).Distinct().Count());
    }

    [Fact]
    public async Task GetStatisticsAsync_CountsGroupsAndOrphans()
    {
        var one = await _team.PublishNewAsync(SharedTeam.Key("one"), seed: 1);
        await _team.PublishNewAsync(SharedTeam.Key("two"), seed: 1);
        await _team.PublishNewAsync(
            SharedTeam.Key("hf://org/repo@main", kind: "model"),
            seed: 2,
            new SharedCacheOptions { Namespace = "other" }
        );
        _team.Store.Put(SharedNames.Blob(Digest.Of("orphan"u8)), new byte[1000]);

        var statistics = await _admin.GetStatisticsAsync(Token);

        Assert.Equal(
            [
                new SharedEntryGroup("main", "pass", 2, 2 * one.Manifest.SizeBytes),
                new SharedEntryGroup("other", "model", 1, one.Manifest.SizeBytes),
            ],
            statistics.Groups
        );
        Assert.Equal((3L, 2L, 5L), (statistics.Entries, statistics.Manifests, statistics.Blobs));
        Assert.Equal((1L, 1000L), (statistics.OrphanBlobs, statistics.OrphanBytes));
        Assert.Equal((2 * one.Manifest.SizeBytes) + 1000, statistics.SizeBytes);
    }

    [Theory]
    [InlineData("document", "not that of an entry")]
    [InlineData("request", "another request")]
    [InlineData("manifest", "manifest")]
    [InlineData("missing", "is missing")]
    [InlineData("short", "has 3 bytes")]
    public async Task VerifyAsync_OfABrokenEntry_SaysWhatIsWrong(string what, string fault)
    {
        await _team.PublishNewAsync(SharedTeam.Key("whole"), seed: 7);
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        var other = _team.Store.Find(SharedNames.Entry("main", "pass", SharedTeam.Key("whole").Digest))!;
        switch (what)
        {
            case "document":
                _team.Store.Put(answer.EntryName, "nonsense"u8.ToArray());
                break;
            case "request":
                _team.Store.Put(answer.EntryName, other);
                break;
            case "manifest":
                _team.Store.Put(answer.ManifestName, "{}"u8.ToArray());
                break;
            case "missing":
                _team.Store.Remove(answer.BlobName());
                break;
            default:
                _team.Store.Put(answer.BlobName(), [1, 2, 3]);
                break;
        }
        var before = _team.Store.Names;

        var verification = await _admin.VerifyAsync(cancellationToken: Token);

        var finding = Assert.Single(verification.Findings);
        Assert.Equal((answer.EntryName, answer.Key.Digest), (finding.Name, finding.Key));
        Assert.Contains(fault, finding.Fault, StringComparison.Ordinal);
        Assert.Equal((2L, 0L, false), (verification.Entries, verification.BytesRead, verification.IsWhole));
        Assert.Equal(before, _team.Store.Names);
    }

    [Fact]
    public async Task VerifyAsync_Deep_FindsWrongBytesOfTheRightLength()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key("one"));
        await _team.PublishNewAsync(SharedTeam.Key("two"));
        _team.Store.Put(answer.BlobName(), new byte[answer.Bytes().Length]);

        Assert.True((await _admin.VerifyAsync(cancellationToken: Token)).IsWhole);
        var deep = await _admin.VerifyAsync(deep: true, cancellationToken: Token);

        Assert.Equal(2, deep.Findings.Count);
        Assert.All(deep.Findings, finding => Assert.Contains("other bytes", finding.Fault, StringComparison.Ordinal));
        // What two entries share is read once.
        Assert.Equal(answer.Manifest.SizeBytes, deep.BytesRead);
    }

    [Fact]
    public async Task PruneAsync_ByAge_RemovesOldEntriesAndWhatOnlyTheyReach()
    {
        var old = await _team.PublishNewAsync(SharedTeam.Key("old"), seed: 1);
        var shared = await _team.PublishNewAsync(SharedTeam.Key("old too"), seed: 2);
        _time.Advance(10 * Day);
        var young = await _team.PublishNewAsync(SharedTeam.Key("young"), seed: 2);
        _time.Advance(Day);

        var result = await PruneAsync(new SharedPruneOptions { OlderThan = 5 * Day });

        Assert.Equal(
            new[] { old.Key.Digest, shared.Key.Digest }.Order(),
            result.Entries.Select(entry => entry.Key).Order()
        );
        Assert.Equal((2L, 1L, old.Manifest.SizeBytes), (result.Blobs, result.Manifests, result.FreedBytes));
        Assert.Null(_team.Store.Find(old.BlobName()));
        Assert.NotNull(await _team.NewCache().ReadAsync(young.Key));
        Assert.True((await _admin.VerifyAsync(deep: true, cancellationToken: Token)).IsWhole);
    }

    [Fact]
    public async Task PruneAsync_RemovesEntriesBeforeBlobs()
    {
        await _team.PublishNewAsync(SharedTeam.Key());
        _time.Advance(10 * Day);
        _team.Store.ForgetRequests();

        await PruneAsync(new SharedPruneOptions { OlderThan = Day });

        var deletes = _team.Store.Requests.Where(request => request.Verb == "delete");
        Assert.Equal(["entries", "blobs", "blobs", "manifests"], deletes.Select(request => request.Name.Split('/')[0]));
    }

    [Fact]
    public async Task Progress_OfAVerificationAndAPruning_CountsWhatIsDone()
    {
        await _team.PublishNewAsync(SharedTeam.Key());
        _time.Advance(10 * Day);
        var progress = new CollectedProgress<WorkProgress>();
        var admin = new SharedStoreAdmin(_team.Store, _time) { Progress = progress };

        await admin.VerifyAsync(deep: true, cancellationToken: Token);
        await admin.PruneAsync(new SharedPruneOptions { OlderThan = Day, DryRun = true }, Token);
        var before = progress.Told;
        await admin.PruneAsync(new SharedPruneOptions { OlderThan = Day }, Token);

        Assert.Contains(new WorkProgress(WorkStage.ReadingManifests, 1, 1), before);
        Assert.Contains(new WorkProgress(WorkStage.ReadingFiles, 2, 2), before);
        Assert.DoesNotContain(before, told => told.Stage == WorkStage.Removing);
        // An entry, its two blobs and its manifest.
        Assert.Equal(
            [(1, 1), (1, 2), (2, 2), (1, 1)],
            progress.Told.Where(told => told.Stage == WorkStage.Removing).Select(told => (told.Done, told.Total ?? -1))
        );
    }

    [Fact]
    public async Task PruneAsync_DryRun_TellsTheSameAndRemovesNothing()
    {
        await _team.PublishNewAsync(SharedTeam.Key("one"), seed: 1);
        await _team.PublishNewAsync(SharedTeam.Key("two"), seed: 2);
        _time.Advance(10 * Day);
        var options = new SharedPruneOptions { OlderThan = Day, DryRun = true };
        var before = _team.Store.Names;

        var told = await PruneAsync(options);
        Assert.Equal(before, _team.Store.Names);
        var done = await PruneAsync(options with { DryRun = false });

        Assert.Equal(
            (told.Entries.Count, told.Blobs, told.Manifests, told.FreedBytes),
            (done.Entries.Count, done.Blobs, done.Manifests, done.FreedBytes)
        );
        Assert.Equal((2, 4L), (done.Entries.Count, done.Blobs));
        Assert.True(told.IsDryRun && !done.IsDryRun);
        Assert.Empty(_team.Store.Names);
    }

    [Fact]
    public async Task PruneAsync_ToBytes_RemovesTheOldestUntilItFits()
    {
        for (var i = 0; i < 5; i++)
        {
            await _team.PublishNewAsync(SharedTeam.Key($"key {i}"), seed: i);
            _time.Advance(Day);
        }
        var size = (await ListAsync())[0].SizeBytes;

        var result = await PruneAsync(new SharedPruneOptions { ToBytes = 2 * size });

        Assert.Equal(
            new[] { 0, 1, 2 }.Select(i => SharedTeam.Key($"key {i}").Digest).Order(),
            result.Entries.Select(entry => entry.Key).Order()
        );
        Assert.Equal(2 * size, (await _admin.GetStatisticsAsync(Token)).SizeBytes);
    }

    [Fact]
    public async Task PruneAsync_ToBytesOfSharedBlobs_CountsThemOnce()
    {
        for (var i = 0; i < 5; i++)
            await _team.PublishNewAsync(SharedTeam.Key($"key {i}"), seed: 1);
        _time.Advance(Day);
        var size = (await ListAsync())[0].SizeBytes;

        Assert.Empty((await PruneAsync(new SharedPruneOptions { ToBytes = size })).Entries);
    }

    [Fact]
    public async Task PruneAsync_OfANamespace_LeavesTheOthers()
    {
        await _team.PublishNewAsync(SharedTeam.Key(), seed: 1);
        await _team.PublishNewAsync(SharedTeam.Key(), seed: 2, new SharedCacheOptions { Namespace = "main2" });
        _time.Advance(10 * Day);

        var result = await PruneAsync(new SharedPruneOptions { OlderThan = Day, Namespace = "main" });

        Assert.Equal("main", Assert.Single(result.Entries).Namespace);
        Assert.Equal("main2", Assert.Single(await ListAsync()).Namespace);
        Assert.True((await _admin.VerifyAsync(cancellationToken: Token)).IsWhole);
    }

    [Fact]
    public async Task PruneAsync_OfAShortenedNamespace_RemovesNothing()
    {
        await _team.PublishNewAsync(SharedTeam.Key());
        _time.Advance(10 * Day);

        Assert.Empty((await PruneAsync(new SharedPruneOptions { OlderThan = Day, Namespace = "ma" })).Entries);
        await Assert.ThrowsAsync<ArgumentException>(() => PruneAsync(new SharedPruneOptions { Namespace = "" }));
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task PruneAsync_WithoutAgeAndSize_RemovesOrphansOlderThanTheGracePeriodOnly()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        var (old, young) = (SharedNames.Blob(Digest.Of("old"u8)), SharedNames.Blob(Digest.Of("young"u8)));
        _team.Store.Put(old, [1]);
        _team.Store.Put($"{SharedNames.Probes}old", [1]);
        _team.Store.Put("blobs/sha256/README", [1]);
        _time.Advance(TimeSpan.FromMinutes(50));
        _team.Store.Put(young, [2]);
        _time.Advance(TimeSpan.FromMinutes(20));

        var result = await PruneAsync(new SharedPruneOptions());

        Assert.Equal((0, 1L), (result.Entries.Count, result.Blobs));
        Assert.Null(_team.Store.Find(old));
        Assert.Null(_team.Store.Find($"{SharedNames.Probes}old"));
        Assert.NotNull(_team.Store.Find(young));
        Assert.NotNull(_team.Store.Find("blobs/sha256/README"));
        Assert.NotNull(await _team.NewCache().ReadAsync(answer.Key));
    }

    [Fact]
    public async Task PruneAsync_EntryPublishedMeanwhile_KeepsItsOldBlobs()
    {
        var old = await _team.PublishNewAsync(SharedTeam.Key("old"));
        _time.Advance(10 * Day);
        var isPublished = false;
        _team.Store.After = async (request, _) =>
        {
            if (request.Verb != "delete" || request.Name != old.EntryName || isPublished)
                return;
            isPublished = true;
            await _team.PublishNewAsync(SharedTeam.Key("new"));
        };

        var result = await PruneAsync(new SharedPruneOptions { OlderThan = Day });

        Assert.Equal((1, 0L), (result.Entries.Count, result.Blobs));
        Assert.NotNull(await _team.NewCache().ReadAsync(SharedTeam.Key("new")));
    }

    [Fact]
    public async Task PruneAsync_EntryWrittenAgainMeanwhile_StaysAndIsCounted()
    {
        var old = await _team.PublishNewAsync(SharedTeam.Key());
        _time.Advance(10 * Day);
        _team.Store.Before = (request, _) =>
        {
            if (request.Verb == "delete" && request.Name == old.EntryName)
                _team.Store.Put(old.EntryName, _team.Store.Find(old.EntryName)!);
            return Task.CompletedTask;
        };

        var result = await PruneAsync(new SharedPruneOptions { OlderThan = Day });

        Assert.Equal((0, 1L, 0L), (result.Entries.Count, result.Kept, result.Blobs));
        Assert.NotNull(await _team.NewCache().ReadAsync(old.Key));
    }

    [Fact]
    public async Task PruneAsync_DocumentIsReadWrongOnce_KeepsItsBlobs()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        _time.Advance(Day);
        var wrong = new HashSet<string>();
        _team.Store.Before = (request, _) =>
            request.Verb == "read" && wrong.Add(request.Name)
                ? throw _team.Store.Fail(SharedFailure.Broken)
                : Task.CompletedTask;

        Assert.Equal(0, (await PruneAsync(new SharedPruneOptions())).Blobs);
        Assert.NotNull(_team.Store.Find(answer.BlobName()));
    }

    [Fact]
    public async Task PruneAsync_DocumentComesDamagedOnce_KeepsItsBlobs()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        _time.Advance(Day);
        var sound = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        _team.Store.Before = (request, _) =>
        {
            if (request.Verb != "read")
                return Task.CompletedTask;
            if (sound.TryGetValue(request.Name, out var whole))
            {
                _team.Store.Put(request.Name, whole);
                return Task.CompletedTask;
            }
            sound[request.Name] = _team.Store.Find(request.Name)!;
            byte[] damaged = [.. sound[request.Name]];
            damaged[damaged.Length / 2] ^= 1;
            _team.Store.Put(request.Name, damaged);
            return Task.CompletedTask;
        };

        Assert.Equal(0, (await PruneAsync(new SharedPruneOptions())).Blobs);
        Assert.Equal(2, sound.Count);
        Assert.NotNull(_team.Store.Find(answer.BlobName()));
    }

    [Fact]
    public async Task PruneAsync_StoreFailsHalfWay_ThrowsAndLeavesNoEntryWithoutBlobs()
    {
        for (var i = 0; i < 3; i++)
            await _team.PublishNewAsync(SharedTeam.Key($"key {i}"), seed: i);
        _time.Advance(10 * Day);
        var deletes = 0;
        _team.Store.Before = (request, _) =>
            request.Verb == "delete" && ++deletes == 5
                ? throw _team.Store.Fail(SharedFailure.Unavailable)
                : Task.CompletedTask;

        await Assert.ThrowsAsync<SharedStoreException>(() => PruneAsync(new SharedPruneOptions { OlderThan = Day }));
        _team.Store.Before = null;

        Assert.True((await _admin.VerifyAsync(cancellationToken: Token)).IsWhole);
        await PruneAsync(new SharedPruneOptions());
        Assert.Empty(_team.Store.Names);
    }

    [Fact]
    public async Task PruneAsync_OptionsMakeNoSense_NamesAllFaults()
    {
        var options = new SharedPruneOptions
        {
            OlderThan = -Day,
            ToBytes = -1,
            GracePeriod = -Day,
        };

        var fault = await Assert.ThrowsAsync<ArgumentException>(() => PruneAsync(options));

        Assert.Contains("OlderThan", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ToBytes", fault.Message, StringComparison.Ordinal);
        Assert.Contains("GracePeriod", fault.Message, StringComparison.Ordinal);
    }

    private Task<SharedPruneResult> PruneAsync(SharedPruneOptions options) => _admin.PruneAsync(options, Token);

    private async Task<List<SharedEntrySummary>> ListAsync(string? @namespace = null)
    {
        var entries = new List<SharedEntrySummary>();
        await foreach (var entry in _admin.ListAsync(@namespace, Token))
            entries.Add(entry);
        return entries;
    }
}
