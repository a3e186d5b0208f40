using System.Text;
using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Pull.Targets;
using Larder.Sharing;
using Larder.TestKit;
using Larder.Tests.Pull.Archives;
using Larder.Transfer;

namespace Larder.Tests.Pull;

public sealed class TeamPullTests : IAsyncDisposable
{
    private static readonly TimeSpan FreshFor = new PullOptions().FreshFor;

    private readonly ManualTimeProvider _time = new();
    private readonly Fleet _fleet;

    public TeamPullTests()
    {
        _fleet = new Fleet(_time);
        _fleet.Origin.Put("model.onnx", TestBytes.Of(5000, seed: 1)).Put("labels.txt", "cat dog"u8.ToArray());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();

    [Fact]
    public async Task PullAsync_AnotherHasPulled_AsksTheOriginNothing()
    {
        var first = await _fleet.PullAsync(_fleet.NewMachine());
        _fleet.Origin.IsForbidden = true;

        using var snapshot = await _fleet.NewMachine().PullAsync(_fleet.Reference, cancellationToken: Token);

        Assert.Equal((PullOutcome.Miss, 5007L, 0L), (first.Outcome, first.BytesFetched, first.BytesFromShared));
        Assert.Equal(
            (PullOutcome.Shared, true, 0, 0L, 5007L),
            (
                snapshot.Outcome,
                snapshot.FromCache,
                snapshot.FilesFetched,
                snapshot.BytesFetched,
                snapshot.BytesFromShared
            )
        );
        Assert.Equal(first.Digest, snapshot.Digest);
        Assert.Equal("cat dog", await File.ReadAllTextAsync(Path.Combine(snapshot.Path, "labels.txt"), Token));
    }

    [Fact]
    public async Task PullAsync_FromTheTeam_IsNotFreshForLongerThanWithTheOneWhoAsked()
    {
        await _fleet.PullAsync(_fleet.NewMachine());
        _time.Advance(FreshFor - TimeSpan.FromMinutes(1));
        var second = _fleet.NewMachine();
        await _fleet.PullAsync(second);
        Assert.Equal(1, _fleet.Origin.Listings);
        _time.Advance(TimeSpan.FromMinutes(2));

        var again = await _fleet.PullAsync(second);

        Assert.Equal((PullOutcome.Revalidated, 2), (again.Outcome, _fleet.Origin.Listings));
    }

    [Fact]
    public async Task PullAsync_OneHasAskedAgain_TheOthersNeedNot()
    {
        var (first, second) = (_fleet.NewMachine(), _fleet.NewMachine());
        await _fleet.PullAsync(first);
        await _fleet.PullAsync(second);
        _time.Advance(FreshFor + TimeSpan.FromMinutes(1));
        await _fleet.PullAsync(first);
        _fleet.Origin.IsForbidden = true;
        _time.Advance(TimeSpan.FromMinutes(1));

        var confirmed = await _fleet.PullAsync(second);
        var fetched = await _fleet.PullAsync(_fleet.NewMachine());

        Assert.Equal((PullOutcome.Revalidated, PullOutcome.Shared), (confirmed.Outcome, fetched.Outcome));
        Assert.Equal(0, confirmed.BytesFromShared);
        Assert.Equal(PullOutcome.Hit, (await _fleet.PullAsync(second)).Outcome);
    }

    [Fact]
    public async Task PullAsync_NotFreshAndUnchanged_TheOriginIsListedAndNotRead()
    {
        await _fleet.PullAsync(_fleet.NewMachine());
        _time.Advance(FreshFor + TimeSpan.FromMinutes(1));

        var snapshot = await _fleet.PullAsync(_fleet.NewMachine());

        Assert.Equal((2, 2), (_fleet.Origin.Listings, _fleet.Origin.Opened.Count));
        Assert.Equal((PullOutcome.Shared, 5007L), (snapshot.Outcome, snapshot.BytesFromShared));
        _fleet.Origin.IsForbidden = true;
        Assert.Equal(PullOutcome.Shared, (await _fleet.PullAsync(_fleet.NewMachine())).Outcome);
    }

    [Fact]
    public async Task PullAsync_OneFileIsNew_ItAloneComesFromTheOriginAndTheTeamGetsTheNewVersion()
    {
        var before = await _fleet.PullAsync(_fleet.NewMachine());
        _fleet.Origin.Put("labels.txt", "cat cow"u8.ToArray());
        _time.Advance(FreshFor + TimeSpan.FromMinutes(1));

        var snapshot = await _fleet.PullAsync(_fleet.NewMachine());

        Assert.Equal("labels.txt", Assert.Single(_fleet.Origin.Opened.Skip(2)));
        Assert.Equal(
            (PullOutcome.Miss, 1, 7L, 5000L),
            (snapshot.Outcome, snapshot.FilesFetched, snapshot.BytesFetched, snapshot.BytesFromShared)
        );
        Assert.NotEqual(before.Digest, snapshot.Digest);
        _fleet.Origin.IsForbidden = true;
        Assert.Equal(snapshot.Digest, (await _fleet.PullAsync(_fleet.NewMachine())).Digest);
    }

    [Fact]
    public async Task PullAsync_TheTeamsEntryIsOfTheFuture_IsNotTakenForFresh()
    {
        var ahead = new ManualTimeProvider();
        ahead.Advance(TimeSpan.FromDays(1));
        await _fleet.PullAsync(_fleet.NewMachine(itsTime: ahead));

        await _fleet.PullAsync(_fleet.NewMachine());

        Assert.Equal(2, _fleet.Origin.Listings);
    }

    [Fact]
    public async Task PullAsync_FixedVersion_IsFreshForEver()
    {
        _fleet.Origin.IsFixed = true;
        await _fleet.PullAsync(_fleet.NewMachine());
        _fleet.Origin.IsForbidden = true;
        _time.Advance(TimeSpan.FromDays(400));

        Assert.Equal(PullOutcome.Shared, (await _fleet.PullAsync(_fleet.NewMachine())).Outcome);
    }

    [Fact]
    public async Task PullAsync_Refresh_AsksTheOrigin()
    {
        await _fleet.PullAsync(_fleet.NewMachine());

        await _fleet.PullAsync(_fleet.NewMachine(), new PullOptions { Refresh = true });

        Assert.Equal(2, _fleet.Origin.Listings);
    }

    [Fact]
    public async Task PullAsync_DigestThatTheTeamHas_NeedsNoFreshness()
    {
        var first = await _fleet.PullAsync(_fleet.NewMachine());
        _fleet.Origin.IsForbidden = true;
        _time.Advance(TimeSpan.FromDays(1));

        var snapshot = await _fleet.PullAsync(_fleet.NewMachine(), new PullOptions { Digest = first.Digest });

        Assert.Equal((PullOutcome.Shared, first.Digest), (snapshot.Outcome, snapshot.Digest));
    }

    [Fact]
    public async Task PullAsync_EarlierDigestThatTheTeamHas_LeavesTheEntryAtThePresentVersion()
    {
        var alone = _fleet.NewMachine(Fleet.Options with { Write = false });
        var first = await _fleet.PullAsync(_fleet.NewMachine());
        _time.Advance(FreshFor + TimeSpan.FromMinutes(1));
        _fleet.Origin.Put("labels.txt", "cat cow"u8.ToArray());
        var newer = await _fleet.PullAsync(alone);

        var earlier = await _fleet.PullAsync(alone, new PullOptions { Digest = first.Digest });

        Assert.Equal(first.Digest, earlier.Digest);
        Assert.Equal(newer.Digest, (await _fleet.PullAsync(alone)).Digest);
        Assert.Equal(newer.Digest, alone.Find(_fleet.Reference)!.Digest);
        Assert.Equal(first.Digest, Assert.Single(alone.Find(_fleet.Reference)!.ListEarlierVersions()).Digest);
    }

    [Fact]
    public async Task PullAsync_DigestThatNobodyHas_AsksTheOriginAndFails()
    {
        await _fleet.PullAsync(_fleet.NewMachine());
        var other = Digest.Of("other"u8);

        await Assert.ThrowsAsync<IntegrityException>(() =>
            _fleet.PullAsync(_fleet.NewMachine(), new PullOptions { Digest = other })
        );
        Assert.Equal(2, _fleet.Origin.Listings);
    }

    [Fact]
    public async Task PullAsync_AnArchive_IsUnpackedOnceForAll()
    {
        var reference = ModelReference.Parse("fake://origin/model.zip");
        _fleet.Origin.ListsInstead = null;
        _fleet.Origin.Remove("model.onnx");
        _fleet.Origin.Remove("labels.txt");
        _fleet.Origin.Put("model.zip", Packed.Zip(("a.txt", "one"u8.ToArray()), ("b/c.txt", "two"u8.ToArray())));
        var first = _fleet.NewMachine();
        using (await first.PullAsync(reference, cancellationToken: Token)) { }
        await first.FlushAsync(Token);
        _time.Advance(FreshFor + TimeSpan.FromMinutes(1));

        using var snapshot = await _fleet.NewMachine().PullAsync(reference, cancellationToken: Token);

        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(snapshot.Path, "b", "c.txt"), Token));
        Assert.Equal((2, 1), (_fleet.Origin.Listings, _fleet.Origin.Opened.Count));
        Assert.Equal(PullOutcome.Shared, snapshot.Outcome);
    }

    [Fact]
    public async Task PullAsync_TheStoreRefuses_TheOriginAnswers()
    {
        await _fleet.PullAsync(_fleet.NewMachine());
        _fleet.Store.Before = (_, _) => throw _fleet.Store.Fail(SharedFailure.Denied);

        var snapshot = await _fleet.PullAsync(_fleet.NewMachine());

        Assert.Equal((PullOutcome.Miss, 2), (snapshot.Outcome, _fleet.Origin.Listings));
        Assert.NotEmpty(_fleet.Log.Warnings);
    }

    [Fact]
    public async Task PullAsync_ABlobCannotBeRead_TheOriginAnswers()
    {
        await _fleet.PullAsync(_fleet.NewMachine());
        _fleet.Store.Before = (request, _) =>
            request.Verb == "open" ? throw _fleet.Store.Fail(SharedFailure.Denied) : Task.CompletedTask;

        var snapshot = await _fleet.PullAsync(_fleet.NewMachine());

        Assert.Equal((PullOutcome.Miss, 2), (snapshot.Outcome, snapshot.FilesFetched));
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("short")]
    [InlineData("missing")]
    public async Task PullAsync_ABlobIsNotWhatItShouldBe_TheOriginAnswersAndTheTeamHasItAgain(string how)
    {
        var first = await _fleet.PullAsync(_fleet.NewMachine());
        var blob = _fleet.Store.Names.Single(name =>
            name.StartsWith("blobs/", StringComparison.Ordinal) && _fleet.Store.Find(name)!.Length == 5000
        );
        if (how == "missing")
            _fleet.Store.Remove(blob);
        else
            _fleet.Store.Put(blob, TestBytes.Of(how == "short" ? 4000 : 5000, seed: 9));

        using (var snapshot = await PullAndFlushAsync(_fleet.NewMachine()))
        {
            Assert.Equal((PullOutcome.Miss, first.Digest), (snapshot.Outcome, snapshot.Digest));
            Assert.Equal(
                TestBytes.Of(5000, seed: 1),
                await File.ReadAllBytesAsync(Path.Combine(snapshot.Path, "model.onnx"), Token)
            );
        }
        Assert.NotEmpty(_fleet.Log.Warnings);
        _fleet.Origin.IsForbidden = true;
        Assert.Equal(PullOutcome.Shared, (await _fleet.PullAsync(_fleet.NewMachine())).Outcome);
    }

    [Fact]
    public async Task PullAsync_TheEntryIsNoDocument_IsAMissAndIsReplaced()
    {
        await _fleet.PullAsync(_fleet.NewMachine());
        _fleet.Store.Put(Assert.Single(_fleet.Entries), "nonsense"u8.ToArray());

        var snapshot = await _fleet.PullAsync(_fleet.NewMachine());
        _fleet.Origin.IsForbidden = true;

        Assert.Equal(PullOutcome.Miss, snapshot.Outcome);
        Assert.Equal(PullOutcome.Shared, (await _fleet.PullAsync(_fleet.NewMachine())).Outcome);
    }

    [Fact]
    public async Task PullAsync_OfAnotherNamespace_IsNeitherReadNorWritten()
    {
        await _fleet.PullAsync(_fleet.NewMachine(Fleet.Options with { Namespace = "private" }));
        var theirs = Assert.Single(_fleet.Entries);

        var snapshot = await _fleet.PullAsync(_fleet.NewMachine(Fleet.Options with { Namespace = "public" }));

        Assert.Equal((PullOutcome.Miss, 2), (snapshot.Outcome, _fleet.Origin.Listings));
        Assert.Contains("private", theirs, StringComparison.Ordinal);
        Assert.Contains("public", Assert.Single(_fleet.Entries, name => name != theirs), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullAsync_ModelsAreNotShared_AsksTheStoreNothing()
    {
        await _fleet.PullAsync(_fleet.NewMachine(new SharedCacheOptions()));

        Assert.Empty(_fleet.Store.Requests);
    }

    [Fact]
    public async Task PullAsync_OfThisMachinesDiskOrForACallerOfTheNetwork_AsksTheStoreNothing()
    {
        var machine = _fleet.NewMachine();
        Directory.CreateDirectory(_fleet["files"]);
        await File.WriteAllTextAsync(Path.Combine(_fleet["files"], "a.txt"), "a", Token);

        using (await machine.PullAsync(ModelReference.OfPath(_fleet["files"]), cancellationToken: Token)) { }
        using (await machine.PullAsync(ModelReference.ParseUntrusted("fake://origin/model/"), cancellationToken: Token))
        { }
        await machine.FlushAsync(Token);

        Assert.Empty(_fleet.Store.Requests);
    }

    [Fact]
    public async Task PullAsync_IntoADirectoryThatHasTheFiles_TakesThemAndAsksTheStoreNothing()
    {
        await _fleet.PullAsync(_fleet.NewMachine());
        _fleet.Store.ForgetRequests();
        var directory = Directory.CreateDirectory(_fleet["target"]).FullName;
        await File.WriteAllBytesAsync(Path.Combine(directory, "model.onnx"), TestBytes.Of(5000, seed: 1), Token);
        await File.WriteAllTextAsync(Path.Combine(directory, "labels.txt"), "cat dog", Token);

        var snapshot = await _fleet.PullAsync(
            _fleet.NewMachine(),
            new PullOptions { Adopt = new TargetDirectory(directory) { TrustsSizes = true } }
        );

        Assert.Equal((0L, 0L), (snapshot.BytesFetched, snapshot.BytesFromShared));
        Assert.Empty(_fleet.Store.Requests);
    }

    [Fact]
    public async Task PullAsync_NotToBeWrittenTo_PublishesNothingAndReadsAllTheSame()
    {
        var reader = Fleet.Options with { Write = false };
        await _fleet.PullAsync(_fleet.NewMachine(reader));
        Assert.Empty(_fleet.Entries);
        await _fleet.PullAsync(_fleet.NewMachine(Fleet.Options with { Read = false }));
        _fleet.Origin.IsForbidden = true;

        Assert.Equal(PullOutcome.Shared, (await _fleet.PullAsync(_fleet.NewMachine(reader))).Outcome);
    }

    [Fact]
    public async Task PullAsync_PublicationTakesLong_IsAnsweredBefore()
    {
        var uploading = new Gate();
        uploading.Close();
        _fleet.Store.Before = (request, token) =>
            request.Verb == "upload" ? uploading.PassAsync(token) : Task.CompletedTask;
        var machine = _fleet.NewMachine();

        using var snapshot = await machine.PullAsync(_fleet.Reference, cancellationToken: Token);
        await uploading.Reached;
        var flushed = machine.FlushAsync(Token);

        Assert.False(flushed.IsCompleted);
        Assert.Empty(_fleet.Entries);
        uploading.Open();
        await flushed;
        Assert.Single(_fleet.Entries);
    }

    [Fact]
    public async Task Dispose_WhileItPublishes_BreaksItOffAndTheNextPullMakesUpForIt()
    {
        var uploading = new Gate();
        uploading.Close();
        _fleet.Store.Before = (request, token) =>
            request.Verb == "upload" ? uploading.PassAsync(token) : Task.CompletedTask;
        var machine = _fleet.NewMachine();
        using (await machine.PullAsync(_fleet.Reference, cancellationToken: Token)) { }
        await uploading.Reached;

        machine.Dispose();
        await machine.FlushAsync(Token);

        Assert.Empty(_fleet.Entries);
        Assert.DoesNotContain(_fleet.Store.Names, name => name.StartsWith("leases/", StringComparison.Ordinal));
        Assert.Contains(_fleet.Log.Warnings, warning => warning.Contains("closed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PullAsync_TheOriginFails_GivesTheLeaseBack()
    {
        _fleet.Origin.Failure = new OriginException(OriginFailure.NotFound, _fleet.Reference.Text, "not there");

        await Assert.ThrowsAsync<OriginException>(() => _fleet.PullAsync(_fleet.NewMachine()));

        Assert.DoesNotContain(_fleet.Store.Names, name => name.StartsWith("leases/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PullAsync_TheOriginIsDown_WhatTheTeamHasAnswersThoseWhoAreContentWithIt()
    {
        var first = await _fleet.PullAsync(_fleet.NewMachine());
        _time.Advance(FreshFor + TimeSpan.FromMinutes(1));
        _fleet.Origin.Failure = new OriginException(OriginFailure.Unavailable, _fleet.Reference.Text, "down");

        await Assert.ThrowsAsync<OriginException>(() =>
            _fleet.PullAsync(_fleet.NewMachine(), new PullOptions { StaleIfError = false })
        );
        var snapshot = await _fleet.PullAsync(_fleet.NewMachine());
        var identity = await _fleet.NewMachine().ResolveAsync(_fleet.Reference, cancellationToken: Token);

        Assert.Equal((PullOutcome.Stale, first.Digest), (snapshot.Outcome, snapshot.Digest));
        Assert.Equal(first.Digest, identity.Manifest);
    }

    [Fact]
    public async Task PullAsync_QueryWithASecret_IsNotInTheTeamsStore()
    {
        var machine = _fleet.NewMachine();
        var signed = ModelReference.Parse("fake://origin/model/?token=hunter2secret");

        using (await machine.PullAsync(signed, cancellationToken: Token)) { }
        await machine.FlushAsync(Token);

        Assert.Single(_fleet.Entries);
        foreach (var name in _fleet.Store.Names)
        {
            Assert.DoesNotContain("hunter2secret", name, StringComparison.Ordinal);
            Assert.DoesNotContain(
                "hunter2secret",
                Encoding.UTF8.GetString(_fleet.Store.Find(name)!),
                StringComparison.Ordinal
            );
        }
    }

    private async Task<Snapshot> PullAndFlushAsync(ModelCache machine)
    {
        var snapshot = await machine.PullAsync(_fleet.Reference, cancellationToken: Token);
        await machine.FlushAsync(Token);
        return snapshot;
    }
}
