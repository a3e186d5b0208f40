using System.Text;
using Larder.Content;
using Larder.Sharing;
using Larder.Store;
using Larder.TestKit;

namespace Larder.Tests.Sharing;

/// <summary>Looking for answers, and publishing them.</summary>
public sealed class SharedCacheTests : IAsyncDisposable
{
    private readonly SharedTeam _team = new();

    private static CancellationToken Token => SharedCacheCalls.Token;

    public ValueTask DisposeAsync() => _team.DisposeAsync();

    [Fact]
    public async Task FindAsync_OfManyKeys_IsOneRoundTrip()
    {
        EntryKey[] keys = [.. Enumerable.Range(0, 20).Select(i => SharedTeam.Key($"key {i}"))];
        await _team.PublishNewAsync(keys[7]);
        var cache = _team.NewCache();
        _team.Store.ForgetRequests();
        // None is answered before all have been asked.
        var asked = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _team.Store.Before = (_, _) =>
        {
            if (Interlocked.Increment(ref asked) == keys.Length)
                all.SetResult();
            return all.Task;
        };

        var found = await cache.FindAsync(keys, Token);

        Assert.Equal(keys.Length, _team.Store.Requests.Count);
        Assert.Equal(keys[7], Assert.Single(found, entry => entry is not null)!.Key);
        Assert.Same(found[7], found.Single(entry => entry is not null));
    }

    [Fact]
    public async Task FindAsync_WithoutRead_AsksNothing()
    {
        await _team.PublishNewAsync(SharedTeam.Key());
        var cache = _team.NewCache(new SharedCacheOptions { Read = false });
        _team.Store.ForgetRequests();

        Assert.Null(await cache.FindOneAsync(SharedTeam.Key()));
        Assert.Empty(_team.Store.Requests);
    }

    [Fact]
    public async Task FindAsync_InAnotherNamespace_IsAMiss()
    {
        await _team.PublishNewAsync(SharedTeam.Key());

        Assert.Null(
            await _team.NewCache(new SharedCacheOptions { Namespace = "other" }).FindOneAsync(SharedTeam.Key())
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("[1,2]")]
    [InlineData("{\"request\":{},\"manifest\":7}")]
    public async Task FindAsync_DocumentIsNonsense_IsAMissWithAWarning(string document)
    {
        var answer = _team.NewAnswer(SharedTeam.Key());
        _team.Store.Put(answer.EntryName, Encoding.UTF8.GetBytes(document));

        Assert.Null(await _team.NewCache().FindOneAsync(answer.Key));
        Assert.Contains(_team.Log.Warnings, warning => warning.Contains(answer.EntryName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task FindAsync_DocumentIsTooLarge_IsAMissAndIsReplacedByAPublication()
    {
        var answer = _team.NewAnswer(SharedTeam.Key());
        _team.Store.Put(answer.EntryName, new byte[EntryDocuments.MostBytes + 1]);
        var cache = _team.NewCache();

        Assert.Null(await cache.FindOneAsync(answer.Key));
        Assert.Contains(_team.Log.Warnings, warning => warning.Contains("too large", StringComparison.Ordinal));
        Assert.Equal(SharedOutcome.Replaced, (await cache.PublishAsync(answer)).Outcome);
        Assert.NotNull(await cache.ReadAsync(answer.Key));
    }

    [Fact]
    public async Task PublishAsync_Unsigned_IsToTheByteWhatAStoreOnDiskHas()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());

        Assert.Equal(EntryDocument.Write(answer.Entry), _team.Store.Find(answer.EntryName));
        Assert.Equal(answer.Manifest.Bytes.ToArray(), _team.Store.Find(answer.ManifestName));
        Assert.Equal(answer.Bytes(1), _team.Store.Find(answer.BlobName(1)));
    }

    [Fact]
    public async Task PublishAsync_GoesBlobsManifestEntry_AndLooksOnceMore()
    {
        await _team.PublishNewAsync(SharedTeam.Key());

        var writes = _team
            .Store.Requests.Where(request =>
                request.Verb is "upload" or "write" && !request.Name.StartsWith("probe/", StringComparison.Ordinal)
            )
            .Select(request => request.Name.Split('/')[0]);
        Assert.Equal(["blobs", "blobs", "manifests", "entries"], writes);
        Assert.Equal("stat", _team.Store.Requests[^1].Verb);
    }

    [Fact]
    public async Task PublishAsync_BlobsThatAreThere_AreNotSentAgain()
    {
        var first = await _team.PublishNewAsync(SharedTeam.Key("one"));
        var second = first with
        {
            Key = SharedTeam.Key("two"),
            Entry = first.Entry with { Request = SharedTeam.Key("two").Request },
        };
        _team.Store.ForgetRequests();

        var publication = await _team.NewCache().PublishAsync(second);

        Assert.Equal((SharedOutcome.Published, 0L), (publication.Outcome, publication.BytesSent));
        Assert.DoesNotContain(_team.Store.Requests, request => request.Verb == "upload");
    }

    [Fact]
    public async Task PublishAsync_BlobOfAnotherLengthIsThere_IsSentAgain()
    {
        var answer = _team.NewAnswer(SharedTeam.Key());
        _team.Store.Put(answer.BlobName(), [1, 2, 3]);

        var publication = await _team.NewCache().PublishAsync(answer);

        Assert.Equal(answer.Manifest.SizeBytes, publication.BytesSent);
        Assert.Equal(answer.Bytes(), _team.Store.Find(answer.BlobName()));
    }

    [Fact]
    public async Task PublishAsync_ManifestObjectIsNonsense_IsReplaced()
    {
        var answer = _team.NewAnswer(SharedTeam.Key());
        _team.Store.Put(answer.ManifestName, "nonsense"u8.ToArray());

        await _team.NewCache().PublishAsync(answer);

        Assert.NotNull(await _team.NewCache().ReadAsync(answer.Key));
    }

    [Fact]
    public async Task PublishAsync_SameAnswerIsThere_SaysSo()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        var before = _team.Store.Seen(answer.EntryName);

        var publication = await _team.NewCache().PublishAsync(answer);

        Assert.Equal(
            (SharedOutcome.AlreadyThere, answer.Manifest.Digest, 0L),
            (publication.Outcome, publication.Manifest, publication.BytesSent)
        );
        Assert.Equal(before, _team.Store.Seen(answer.EntryName));
    }

    [Fact]
    public async Task PublishAsync_AnotherAnswerIsThere_StaysAndBothDigestsAreNamed()
    {
        var first = await _team.PublishNewAsync(SharedTeam.Key(), seed: 1);
        var second = _team.NewAnswer(SharedTeam.Key(), seed: 2);

        var publication = await _team.NewCache().PublishAsync(second);

        Assert.Equal((SharedOutcome.Different, first.Manifest.Digest), (publication.Outcome, publication.Manifest));
        Assert.Null(_team.Store.Find(second.BlobName()));
        var warning = Assert.Single(_team.Log.Warnings);
        Assert.Contains(first.Manifest.Digest.ToString(), warning, StringComparison.Ordinal);
        Assert.Contains(second.Manifest.Digest.ToString(), warning, StringComparison.Ordinal);
        Assert.Contains(first.Key.ToString(), warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blob missing")]
    [InlineData("blob short")]
    [InlineData("manifest missing")]
    [InlineData("manifest wrong")]
    public async Task PublishAsync_EntryThereIsBroken_IsReplaced(string fault)
    {
        var first = await _team.PublishNewAsync(SharedTeam.Key(), seed: 1);
        Break(first, fault);
        var second = _team.NewAnswer(SharedTeam.Key(), seed: 2);
        var cache = _team.NewCache();

        Assert.Null(await cache.ReadAsync(first.Key));
        var publication = await cache.PublishAsync(second);

        Assert.Equal((SharedOutcome.Replaced, second.Manifest.Digest), (publication.Outcome, publication.Manifest));
        Assert.Equal(second.Manifest.Digest, (await _team.NewCache().ReadAsync(first.Key))?.Digest);
    }

    [Theory]
    [InlineData("blob missing")]
    [InlineData("blob short")]
    [InlineData("manifest missing")]
    [InlineData("manifest wrong")]
    public async Task PublishAsync_SameAnswerOfABrokenEntry_MakesItWhole(string fault)
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        Break(answer, fault);

        await _team.NewCache().PublishAsync(answer);

        Assert.NotNull(await _team.NewCache().ReadAsync(answer.Key));
    }

    [Fact]
    public async Task PublishAsync_BrokenEntryIsReplacedByAnotherMeanwhile_LeavesThatOne()
    {
        var first = await _team.PublishNewAsync(SharedTeam.Key(), seed: 1);
        _team.Store.Remove(first.BlobName());
        var second = _team.NewAnswer(SharedTeam.Key(), seed: 2);
        var third = _team.NewAnswer(SharedTeam.Key(), seed: 3);
        var isSecondsTurn = true;
        _team.Store.Before = async (request, _) =>
        {
            if (request.Verb != "replace" || request.Name != first.EntryName || !isSecondsTurn)
                return;
            isSecondsTurn = false;
            Assert.Equal(SharedOutcome.Replaced, (await _team.NewCache().PublishAsync(third)).Outcome);
        };

        var publication = await _team.NewCache().PublishAsync(second);

        Assert.Equal((SharedOutcome.Different, third.Manifest.Digest), (publication.Outcome, publication.Manifest));
    }

    [Fact]
    public async Task ReportWrong_OfABlobOfTheRightLength_HasItSentAgain()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        _team.Store.Put(answer.BlobName(), new byte[answer.Bytes().Length]);
        var cache = _team.NewCache();
        var entry = await cache.FindOneAsync(answer.Key);
        Assert.NotNull(await cache.ReadManifestAsync(entry!, Token));

        cache.ReportWrong(entry!, [answer.Manifest.Files[0].Digest]);

        Assert.Null(await cache.ReadAsync(answer.Key));
        await cache.PublishAsync(answer);
        Assert.Equal(answer.Bytes(), _team.Store.Find(answer.BlobName()));
        Assert.NotNull(await cache.ReadAsync(answer.Key));
    }

    [Fact]
    public async Task ReportWrong_AndAnotherResultComes_ReplacesTheEntry()
    {
        var first = await _team.PublishNewAsync(SharedTeam.Key(), seed: 1);
        var cache = _team.NewCache();
        var entry = await cache.FindOneAsync(first.Key);

        cache.ReportWrong(entry!, [first.Manifest.Files[0].Digest]);

        var publication = await cache.PublishAsync(_team.NewAnswer(first.Key, seed: 2));
        Assert.Equal(SharedOutcome.Replaced, publication.Outcome);
    }

    [Fact]
    public async Task ReadManifestAsync_OfAWholeEntry_IsTwoRoundTrips()
    {
        var answer = _team.NewAnswer(SharedTeam.Key(), files: 16);
        await _team.NewCache().PublishAsync(answer);
        var cache = _team.NewCache();
        var entry = await cache.FindOneAsync(answer.Key);
        _team.Store.ForgetRequests();
        var looked = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _team.Store.Before = (request, _) =>
        {
            if (request.Verb != "stat")
                return Task.CompletedTask;
            if (Interlocked.Increment(ref looked) == 16)
                all.SetResult();
            return all.Task;
        };

        var manifest = await cache.ReadManifestAsync(entry!, Token);

        Assert.Equal(answer.Manifest.Digest, manifest?.Digest);
        Assert.Equal(17, _team.Store.Requests.Count);
    }

    [Fact]
    public async Task ReadManifestAsync_OfManyBlobs_AsksSixteenAtOnceAtMost()
    {
        var answer = _team.NewAnswer(SharedTeam.Key(), files: 100);
        await _team.NewCache().PublishAsync(answer);
        var cache = _team.NewCache();
        var entry = await cache.FindOneAsync(answer.Key);
        _team.Store.ForgetRequests();

        Assert.NotNull(await cache.ReadManifestAsync(entry!, Token));
        Assert.InRange(_team.Store.MostAtOnce, 2, 16);
    }

    [Fact]
    public async Task ReadManifestAsync_StoreDoesNotAnswer_DoesNotTakeTheEntryForBroken()
    {
        var first = await _team.PublishNewAsync(SharedTeam.Key(), seed: 1);
        var cache = _team.NewCache();
        var entry = await cache.FindOneAsync(first.Key);
        _team.Store.Before = (request, _) =>
            request.Verb == "stat" ? throw _team.Store.Fail(SharedFailure.Unavailable) : Task.CompletedTask;

        Assert.Null(await cache.ReadManifestAsync(entry!, Token));

        _team.Store.Before = null;
        var publication = await cache.PublishAsync(_team.NewAnswer(first.Key, seed: 2));
        Assert.Equal(SharedOutcome.Different, publication.Outcome);
    }

    [Fact]
    public async Task PublishAsync_PrunerTakesABlobMeanwhile_IsSentAgain()
    {
        var answer = _team.NewAnswer(SharedTeam.Key());
        _team.Store.After = (request, _) =>
        {
            if (request.Verb == "write" && request.Name == answer.EntryName)
                Assert.True(_team.Store.Remove(answer.BlobName()) && _team.Store.Remove(answer.ManifestName));
            return Task.CompletedTask;
        };

        await _team.NewCache().PublishAsync(answer);

        Assert.NotNull(await _team.NewCache().ReadAsync(answer.Key));
        Assert.Contains(_team.Log.Warnings, warning => warning.Contains("again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, false, "condition that there is none")]
    [InlineData(false, true, "changed since it was seen")]
    public async Task PublishAsync_StoreKeepsNoConditions_IsNotWrittenTo(bool absent, bool tags, string reason)
    {
        (_team.Store.IgnoresAbsent, _team.Store.IgnoresTags) = (absent, tags);
        var cache = _team.NewCache();

        var first = await cache.PublishAsync(_team.NewAnswer(SharedTeam.Key("one")));
        var second = await cache.PublishAsync(_team.NewAnswer(SharedTeam.Key("two")));

        Assert.Equal((SharedOutcome.NotPublished, SharedOutcome.NotPublished), (first.Outcome, second.Outcome));
        Assert.Empty(_team.Store.Names);
        Assert.Contains(reason, Assert.Single(_team.Log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublishAsync_TwoAnswers_ProbeOnceAndLeaveNothingOfIt()
    {
        var cache = _team.NewCache();
        await cache.PublishAsync(_team.NewAnswer(SharedTeam.Key("one")));
        await cache.PublishAsync(_team.NewAnswer(SharedTeam.Key("two"), seed: 2));

        var probes = _team.Store.Requests.Where(request => request.Name.StartsWith("probe/", StringComparison.Ordinal));
        Assert.Equal(["write", "write", "replace", "replace", "delete"], probes.Select(request => request.Verb));
        Assert.DoesNotContain(_team.Store.Names, name => name.StartsWith("probe/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("write")]
    [InlineData("replace")]
    public async Task PublishAsync_AnswerOfAProbeIsLost_StoreIsNotTakenForIncapable(string verb)
    {
        var isLost = false;
        _team.Store.After = (request, _) =>
        {
            if (!request.Name.StartsWith("probe/", StringComparison.Ordinal) || request.Verb != verb || isLost)
                return Task.CompletedTask;
            isLost = true;
            throw _team.Store.Fail(SharedFailure.Unavailable);
        };

        var publication = await _team.NewCache().PublishAsync(_team.NewAnswer(SharedTeam.Key()));

        Assert.True(isLost);
        Assert.Equal(SharedOutcome.Published, publication.Outcome);
        Assert.Empty(_team.Log.Warnings);
        Assert.DoesNotContain(_team.Store.Names, name => name.StartsWith("probe/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PublishAsync_ModelThatMayMove_ReplacesOneOfAClockThatIsAhead()
    {
        var key = SharedTeam.Key("s3://bucket/model/", kind: "model");
        var early = _team.NewAnswer(key, seed: 1);
        var ahead = early with { Entry = early.Entry with { Checked = early.Entry.Checked.AddDays(400) } };
        await _team.NewCache().PublishAsync(ahead);

        var publication = await _team.NewCache().PublishAsync(_team.NewAnswer(key, seed: 2));

        Assert.Equal(SharedOutcome.MovedOn, publication.Outcome);
    }

    [Fact]
    public async Task PublishAsync_WithoutTheRightToDelete_PublishesAllTheSame()
    {
        _team.Store.Before = (request, _) =>
            request.Verb == "delete" ? throw _team.Store.Fail(SharedFailure.Denied) : Task.CompletedTask;
        var cache = _team.NewCache();

        Assert.Equal(
            SharedOutcome.Published,
            (await cache.PublishAsync(_team.NewAnswer(SharedTeam.Key("one")))).Outcome
        );
        Assert.Equal(
            SharedOutcome.Published,
            (await cache.PublishAsync(_team.NewAnswer(SharedTeam.Key("two"), 2))).Outcome
        );
    }

    [Fact]
    public async Task PublishAsync_WithoutWrite_WritesNothing()
    {
        var cache = _team.NewCache(new SharedCacheOptions { Write = false });

        Assert.Equal(SharedOutcome.NotPublished, (await cache.PublishAsync(_team.NewAnswer(SharedTeam.Key()))).Outcome);
        Assert.Empty(_team.Store.Requests);
    }

    [Fact]
    public async Task PublishAsync_FileHereIsShort_SendsNothingOfIt()
    {
        var answer = _team.NewAnswer(SharedTeam.Key());
        await File.WriteAllBytesAsync(answer.PathOf(answer.Manifest.Files[0]), [1, 2], Token);

        Assert.Equal(SharedOutcome.NotPublished, (await _team.NewCache().PublishAsync(answer)).Outcome);
        Assert.Null(_team.Store.Find(answer.EntryName));
        Assert.Contains(_team.Log.Warnings, warning => warning.Contains("Did not publish", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PublishAsync_AnswerOfAWriteIsLost_IsPublishedAllTheSame()
    {
        var answer = _team.NewAnswer(SharedTeam.Key());
        var isLost = false;
        _team.Store.After = (request, _) =>
        {
            if (request.Name != answer.EntryName || request.Verb != "write" || isLost)
                return Task.CompletedTask;
            isLost = true;
            throw _team.Store.Fail(SharedFailure.Unavailable);
        };

        Assert.Equal(SharedOutcome.AlreadyThere, (await _team.NewCache().PublishAsync(answer)).Outcome);
    }

    [Fact]
    public async Task PublishAsync_ModelThatMayMove_GivesWayToOneCheckedLater()
    {
        var key = SharedTeam.Key("hf://org/repo@main", kind: "model");
        var first = _team.NewAnswer(key, seed: 1);
        first = first with { Entry = first.Entry with { Checked = first.Entry.Checked.AddMinutes(-5) } };
        await _team.NewCache().PublishAsync(first);
        var second = _team.NewAnswer(key, seed: 2);

        Assert.Equal(SharedOutcome.MovedOn, (await _team.NewCache().PublishAsync(second)).Outcome);
        // One who comes late with the earlier state does not move it back.
        Assert.Equal(SharedOutcome.Different, (await _team.NewCache().PublishAsync(first)).Outcome);
        Assert.Equal(second.Manifest.Digest, (await _team.NewCache().ReadAsync(key))?.Digest);
        Assert.Empty(_team.Log.Warnings);
    }

    [Fact]
    public async Task PublishAsync_ModelThatIsFixed_NeverMoves()
    {
        var key = SharedTeam.Key("hf://org/repo@0123456789abcdef0123456789abcdef01234567", kind: "model");
        var first = Fixed(_team.NewAnswer(key, seed: 1), minutes: 0);
        var second = Fixed(_team.NewAnswer(key, seed: 2), minutes: 5);
        await _team.NewCache().PublishAsync(first);

        Assert.Equal(SharedOutcome.Different, (await _team.NewCache().PublishAsync(second)).Outcome);
        Assert.Single(_team.Log.Warnings);
    }

    [Fact]
    public async Task PublishAsync_ModelOfTheDiskOfOneMachine_StaysThere()
    {
        var key = SharedTeam.Key("file:///srv/models/house-prices", kind: "model");
        var cache = _team.NewCache();

        Assert.Equal(SharedOutcome.NotPublished, (await cache.PublishAsync(_team.NewAnswer(key))).Outcome);
        Assert.Null(await cache.FindOneAsync(key));
        Assert.Empty(_team.Store.Requests);
        Assert.Empty(_team.Log.Warnings);
    }

    [Fact]
    public async Task FindAsync_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        _team.Store.Before = async (_, token) => await Task.Delay(Timeout.Infinite, token);
        var found = _team.NewCache().FindAsync([SharedTeam.Key()], cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => found);
        Assert.Empty(_team.Log.Warnings);
    }

    [Fact]
    public async Task DisposeAsync_WhileSomethingIsUnderWay_EndsItAsAMiss()
    {
        var cache = _team.NewCache();
        var gate = new Gate();
        gate.Close();
        _team.Store.Before = (_, token) => gate.PassAsync(token);
        var found = cache.FindOneAsync(SharedTeam.Key());
        await gate.Reached;

        await cache.DisposeAsync();

        Assert.Null(await found);
    }

    private static Answer Fixed(Answer answer, int minutes) =>
        answer with
        {
            Entry = answer.Entry with
            {
                Checked = answer.Entry.Checked.AddMinutes(minutes),
                Source = answer.Entry.Source with { IsFixed = true },
            },
        };

    private void Break(Answer answer, string fault)
    {
        switch (fault)
        {
            case "blob missing":
                Assert.True(_team.Store.Remove(answer.BlobName()));
                break;
            case "blob short":
                _team.Store.Put(answer.BlobName(), [1, 2, 3]);
                break;
            case "manifest missing":
                Assert.True(_team.Store.Remove(answer.ManifestName));
                break;
            default:
                _team.Store.Put(answer.ManifestName, "{}"u8.ToArray());
                break;
        }
    }
}
