using System.Text;
using Larder.Sharing;

namespace Larder.Tests.Sharing;

/// <summary>What the shared model cache of the prior system did wrong, each case as it was seen there.</summary>
public sealed class PriorSystemSharedDefectTests : IAsyncDisposable
{
    private readonly SharedTeam _team = new();

    public ValueTask DisposeAsync() => _team.DisposeAsync();

    [Fact]
    public async Task O3_ModelOfTheUploadersDisk_NoPathOfItIsPublished()
    {
        const string Reference = "file:///home/alice/secret-project/resnet/";
        var answer = _team.NewAnswer(SharedTeam.Key(), reference: Reference);

        await _team.NewCache().PublishAsync(answer);

        foreach (var name in _team.Store.Names.Where(name => !name.StartsWith("blobs/", StringComparison.Ordinal)))
        {
            var text = Encoding.UTF8.GetString(_team.Store.Find(name)!);
            Assert.DoesNotContain("alice", text, StringComparison.Ordinal);
            Assert.DoesNotContain("file:", text, StringComparison.Ordinal);
            Assert.DoesNotContain("/tmp", text, StringComparison.Ordinal);
        }
        Assert.Equal("resnet", (await _team.NewCache().FindOneAsync(answer.Key))!.Entry.Source.Reference);
    }

    [Fact]
    public async Task O4_TwoWorkersFinishTheSamePass_TheEntryOfTheFirstStays()
    {
        var answer = _team.NewAnswer(SharedTeam.Key());
        var other = _team.NewAnswer(SharedTeam.Key());
        await _team.NewCache().PublishAsync(answer);
        var before = _team.Store.Names;

        await _team.NewCache().PublishAsync(other);

        Assert.Equal(before, _team.Store.Names);
        Assert.NotNull(await _team.NewCache().ReadAsync(answer.Key));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task O4_TwoWorkersAtOnce_NothingOfEitherIsRemovedAndOneResultStays(int seedOfTheSecond)
    {
        var first = _team.NewAnswer(SharedTeam.Key());
        var second = _team.NewAnswer(SharedTeam.Key(), seedOfTheSecond);
        // Both have looked, and found nothing, before one of them publishes.
        var looked = 0;
        var bothHave = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _team.Store.After = (request, _) =>
        {
            if (request.Verb != "read" || request.Name != first.EntryName || bothHave.Task.IsCompleted)
                return Task.CompletedTask;
            if (Interlocked.Increment(ref looked) == 2)
                bothHave.SetResult();
            return bothHave.Task;
        };

        var publications = await Task.WhenAll(
            _team.NewCache().PublishAsync(first),
            _team.NewCache().PublishAsync(second)
        );

        Assert.Single(publications, publication => publication.Outcome == SharedOutcome.Published);
        Assert.Single(publications.Select(publication => publication.Manifest).Distinct());
        Assert.Equal(publications[0].Manifest, (await _team.NewCache().ReadAsync(first.Key))?.Digest);
        Assert.DoesNotContain(
            _team.Store.Requests,
            request => request.Verb == "delete" && !request.Name.StartsWith("probe/", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task O4_PublicationFails_NothingIsRemoved()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        var before = _team.Store.Names;
        _team.Store.Before = (request, _) =>
            request.Verb is "write" or "upload" && request.Name.StartsWith("entries/", StringComparison.Ordinal)
                ? throw _team.Store.Fail(SharedFailure.Full)
                : Task.CompletedTask;

        await _team.NewCache().PublishAsync(_team.NewAnswer(SharedTeam.Key("two"), seed: 2));

        Assert.Superset(before.ToHashSet(), _team.Store.Names.ToHashSet());
        Assert.NotNull(await _team.NewCache().ReadAsync(answer.Key));
    }

    [Fact]
    public async Task O5_PublisherDiesBetweenAnyTwoSteps_NothingIsReadHalfAndTheNextOneCompletesIt()
    {
        var deaths = 0;
        for (var step = 0; ; step++)
        {
            await using var team = new SharedTeam();
            var answer = team.NewAnswer(SharedTeam.Key(), files: 3);
            var left = step;
            using var died = new CancellationTokenSource();
            // Whatever a request would have done, it is not done, and nothing after it.
            team.Store.Before = (_, _) =>
            {
                if (Interlocked.Decrement(ref left) < 0)
                    died.Cancel();
                died.Token.ThrowIfCancellationRequested();
                return Task.CompletedTask;
            };
            var isDead = false;
            try
            {
                await team.NewCache()
                    .PublishAsync(answer.Key, answer.Entry, answer.Manifest, answer.PathOf, died.Token);
            }
            catch (OperationCanceledException)
            {
                isDead = true;
                deaths++;
            }
            team.Store.Before = null;

            if (await team.NewCache().FindOneAsync(answer.Key) is not null)
                Assert.NotNull(await team.NewCache().ReadAsync(answer.Key));
            await team.NewCache().PublishAsync(answer);
            Assert.Equal(answer.Manifest.Digest, (await team.NewCache().ReadAsync(answer.Key))?.Digest);
            if (!isDead)
                break;
        }
        Assert.InRange(deaths, 12, 40);
    }

    [Fact]
    public async Task O7_AnotherRequestUnderTheSameName_IsAMissWithAWarning()
    {
        var other = _team.NewAnswer(SharedTeam.Key("two"));
        var wanted = SharedTeam.Key("one");
        await _team.NewCache().PublishAsync(other);
        var name = SharedNames.Entry("main", wanted.Kind, wanted.Digest);
        _team.Store.Put(name, _team.Store.Find(other.EntryName)!);

        Assert.Null(await _team.NewCache().FindOneAsync(wanted));
        Assert.Contains("another request", Assert.Single(_team.Log.Warnings), StringComparison.Ordinal);
        // And it does not block the key for ever.
        Assert.Equal(SharedOutcome.Replaced, (await _team.NewCache().PublishAsync(_team.NewAnswer(wanted))).Outcome);
    }

    [Fact]
    public void ByReading_DeletionByAShortenedName_DoesNotExist()
    {
        // All that can be removed is one object, in the version that was seen.
        var removals = typeof(ISharedStore)
            .GetMethods()
            .Where(method => method.Name.Contains("Delete", StringComparison.Ordinal));
        var removal = Assert.Single(removals);
        Assert.Equal(typeof(SharedObject), removal.GetParameters()[0].ParameterType);
        Assert.DoesNotContain(
            typeof(SharedCache).GetMethods(),
            method =>
                method.Name.Contains("Delete", StringComparison.Ordinal)
                || method.Name.Contains("Clear", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task ByReading_KeysOf32Bits_AreFullDigestsHere()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());

        var entry = Assert.Single(_team.Store.Names, name => name.StartsWith("entries/", StringComparison.Ordinal));
        Assert.Equal(
            $"entries/main/pass/{answer.Key.Digest.ToString()[..2]}/{answer.Key.Digest.ToString()[2..]}.json",
            entry
        );
    }

    [Fact]
    public async Task ByReading_FilesRemovedByHand_AreNoHit()
    {
        var answer = await _team.PublishNewAsync(SharedTeam.Key());
        _team.Store.Remove(answer.BlobName(1));

        Assert.Null(await _team.NewCache().ReadAsync(answer.Key));
    }

    [Fact]
    public async Task ByReading_UploadOnly_DoesNotRead()
    {
        var cache = _team.NewCache(new SharedCacheOptions { Read = false });
        var answer = _team.NewAnswer(SharedTeam.Key());

        Assert.Equal(SharedOutcome.Published, (await cache.PublishAsync(answer)).Outcome);
        Assert.Null(await cache.FindOneAsync(answer.Key));
    }

    [Fact]
    public async Task EveryFailureTriedThreeTimesWithSecondsBetween_OneThatWillNotGoAwayIsTriedOnce()
    {
        _team.Store.Before = (_, _) => throw _team.Store.Fail(SharedFailure.Denied);

        await _team.NewCache().FindOneAsync(SharedTeam.Key());

        Assert.Single(_team.Store.Requests);
    }
}
