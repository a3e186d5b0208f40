using Larder.Content;
using Larder.Recordings.Administration;
using Larder.Recordings.Files;
using Larder.Recordings.Requests;
using Larder.Recordings.Tests.Files;
using Larder.TestKit;

namespace Larder.Recordings.Tests.Administration;

public sealed class RecordingsAdminTests : IDisposable
{
    private static readonly RecordingRequest Used = Samples.Asking("used");
    private static readonly RecordingRequest Unused = Samples.Asking("unused");

    private readonly TempDirectory _temp = new();
    private readonly RecordingDirectory _directory;

    // All files are a hundred years old.
    private readonly ManualTimeProvider _clock = Samples.Later();

    public RecordingsAdminTests()
    {
        _directory = new RecordingDirectory(_temp["recordings"]);
        _directory.Write(Used, Samples.Answer("yes"), [], replace: true);
        _directory.Write(Unused, Samples.Answer("no"), [], replace: true);
    }

    private RecordingsAdmin Admin => new(_directory.Path, _clock);

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void List_NoRunNoted_KnowsNoUse()
    {
        var listing = Admin.List();

        Assert.Null(listing.LastRun);
        Assert.Equal(2, listing.Recordings.Count);
        Assert.All(listing.Recordings, recording => Assert.Null(recording.IsUsed));
        Assert.All(listing.Recordings, recording => Assert.Null(recording.LastUsed));
    }

    [Fact]
    public void List_AfterARunOfAllTests_TellsWhatItUsed()
    {
        Run("nightly-1", Used);

        var listing = Admin.List();

        Assert.Equal(new NotedRun("nightly-1", _clock.GetUtcNow(), 1, 0), listing.LastRun);
        var used = Assert.Single(listing.Recordings, recording => recording.IsUsed == true);
        var unused = Assert.Single(listing.Recordings, recording => recording.IsUsed == false);
        Assert.Equal(
            new ListedRecording(
                Samples.Deployment,
                Samples.Method,
                Used.Key.Digest,
                Name(Used),
                new FileInfo(RecordingLayout.FileOf(_directory.Path, Used)).Length,
                RecordingKind.Answer,
                IsUsed: true,
                _clock.GetUtcNow()
            )
            {
                Arguments = used.Arguments,
            },
            used
        );
        Assert.Equal(Unused.Key.Digest, unused.Key);
        Assert.Contains("unused", unused.Arguments, StringComparison.Ordinal);
        Assert.Null(unused.LastUsed);
    }

    [Fact]
    public void List_EveryKind_IsTold()
    {
        var stream = Samples.Asking("stream", deployment: "A/B");
        var error = Samples.Asking("error", deployment: "A/B");
        var damaged = Samples.Asking("damaged", deployment: "A/B");
        _directory.Write(stream, new RecordedOutcome("int") { Items = [], Error = Samples.Json("{}") }, [], true);
        _directory.Write(error, new RecordedOutcome("int") { Error = Samples.Json("{}") }, [], true);
        File.WriteAllText(_directory.Write(damaged, Samples.Answer("x"), [], true), "{");

        var kinds = Admin.List().Recordings.ToDictionary(recording => recording.Key);

        Assert.Equal(("A/B", RecordingKind.Stream), Of(stream));
        Assert.Equal(("A/B", RecordingKind.Error), Of(error));
        Assert.Equal(("A_B", RecordingKind.Damaged), Of(damaged));

        (string, RecordingKind) Of(RecordingRequest request) =>
            (kinds[request.Key.Digest].Deployment, kinds[request.Key.Digest].Kind);
    }

    [Fact]
    public void List_UsedByAPartOfTheTestsOnly_TellsWhenButNotThatItIsNeeded()
    {
        Run(name: null, Used);

        var listing = Admin.List();

        Assert.Null(listing.LastRun);
        Assert.Equal(_clock.GetUtcNow(), Recording(listing, Used).LastUsed);
        Assert.Null(Recording(listing, Used).IsUsed);
    }

    [Fact]
    public void List_NoDirectory_SaysWhich()
    {
        var admin = new RecordingsAdmin(_temp["nowhere"]);

        Assert.Contains(
            _temp["nowhere"],
            Assert.Throws<RecordingException>(() => admin.List()).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Prune_AfterARunOfAllTests_RemovesWhatItDidNotUse(bool dryRun)
    {
        Run("nightly-1", Used);
        var size = new FileInfo(RecordingLayout.FileOf(_directory.Path, Unused)).Length;

        var result = Admin.Prune(new RecordingsPruneOptions { DryRun = dryRun });

        Assert.Equal([Name(Unused)], result.Files);
        Assert.Equal((1, size, dryRun), (result.Recordings, result.FreedBytes, result.IsDryRun));
        Assert.NotNull(_directory.Find(Used));
        Assert.Equal(dryRun, _directory.Find(Unused) is not null);
    }

    [Fact]
    public void Prune_ProcessesOfOneName_AreOneRun()
    {
        Run("nightly-1", Used);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Run("nightly-1", Unused);

        Assert.Empty(Admin.Prune().Files);
    }

    [Fact]
    public void Prune_NameUsedAgainDaysLater_IsANewRun()
    {
        Run("nightly", Unused);
        _clock.Advance(TimeSpan.FromDays(1));
        Run("nightly", Used);

        Assert.Equal([Name(Unused)], Admin.Prune().Files);
    }

    [Fact]
    public void Prune_UsedByAnEarlierRunOnly_IsRemoved()
    {
        Run("nightly-1", Unused);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Run("nightly-2", Used);

        Assert.Equal([Name(Unused)], Admin.Prune().Files);
    }

    [Fact]
    public void Prune_UsedByAPartOfTheTestsSinceTheRun_Stays()
    {
        Run("nightly-1", Used);
        _clock.Advance(TimeSpan.FromMinutes(10));
        Run(name: null, Unused);

        Assert.Empty(Admin.Prune().Files);
    }

    [Fact]
    public void Prune_WrittenSinceTheRun_Stays()
    {
        Run("nightly-1", Used);
        File.SetLastWriteTimeUtc(
            RecordingLayout.FileOf(_directory.Path, Unused),
            _clock.GetUtcNow().UtcDateTime.AddMinutes(1)
        );

        Assert.Empty(Admin.Prune().Files);
    }

    [Fact]
    public void Prune_NoRunOfAllTests_RefusesAndSaysWhatToDo()
    {
        Run(name: null, Used);

        var refused = Assert.Throws<RecordingException>(() => Admin.Prune());

        Assert.Contains("no run of all tests is noted", refused.Message, StringComparison.Ordinal);
        Assert.Contains("LARDER_RECORDINGS_RUN", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(_directory.Find(Unused));
    }

    [Fact]
    public void Prune_AProcessOfTheRunHasNotEnded_RefusesAndSaysSo()
    {
        Run("nightly-1", Used);
        using var open = new UsageLog(_directory.Path, _clock) { Run = "nightly-1" };
        open.Note(Used.Key);

        var refused = Assert.Throws<RecordingException>(() => Admin.Prune());

        Assert.Contains(
            "of the 2 processes of the last run of all tests, 'nightly-1', 1 have not ended",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.NotNull(_directory.Find(Unused));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"format":1,"run":"nigh""")]
    [InlineData("""{"format":2,"run":"nightly-1","started":"2125-01-01T00:00:00Z"}""")]
    public void Prune_NotesSinceTheRunThatCannotBeRead_RefusesAndSaysSo(string notes)
    {
        // A process whose disk was full, that was killed, or that has a newer version: what it used is not known.
        Run("nightly-1", Used);
        var file = Path.Combine(_directory.Path, ".usage", "other.jsonl");
        File.WriteAllText(file, notes);
        File.SetLastWriteTimeUtc(file, _clock.GetUtcNow().UtcDateTime);

        var refused = Assert.Throws<RecordingException>(() => Admin.Prune());

        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(_directory.Find(Unused));
        // What is older than the run says nothing of it.
        File.SetLastWriteTimeUtc(file, _clock.GetUtcNow().UtcDateTime.AddHours(-1));
        Assert.Equal([Name(Unused)], Admin.Prune().Files);
    }

    [Fact]
    public void List_RequestThatHoldsHalfOfASurrogatePair_IsDamaged()
    {
        var file = RecordingLayout.FileOf(_directory.Path, Used);
        File.WriteAllText(
            file,
            File.ReadAllText(file).Replace($"\"{Samples.Deployment}\"", "\"\\ud800\"", StringComparison.Ordinal)
        );

        Assert.Equal(RecordingKind.Damaged, Recording(Admin.List(), Used).Kind);
    }

    [Fact]
    public void Prune_AttachmentThatIsWrittenAnew_StaysForTheRecordingThatFollows()
    {
        var orphan = Attach(Unused, 2);
        var file = Path.Combine(Path.GetDirectoryName(RecordingLayout.FileOf(_directory.Path, Used))!, orphan);
        File.Delete(RecordingLayout.FileOf(_directory.Path, Unused));
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        var attachments = new Attachments();
        attachments.Add(TestBytes.Of(100, 2), "png");
        Run("nightly-1", Used);

        // Between the attachment and its document another process prunes.
        RecordingsPruneResult? pruned = null;
        var writer = new RecordingDirectory(_directory.Path)
        {
            BeforeDocument = () => pruned = new RecordingsAdmin(_directory.Path).Prune(),
        };
        writer.Write(
            Unused,
            Samples.Answer("Picture", $$"""{"$file": "{{orphan}}", "bytes": 100}"""),
            attachments.All,
            true
        );

        Assert.Empty(pruned!.Files);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public void Prune_Attachments_OnlyThoseGoThatNoRecordingNames()
    {
        var (kept, orphan) = (Attach(Used, 1), Attach(Unused, 2));
        var folder = Path.GetDirectoryName(RecordingLayout.FileOf(_directory.Path, Used))!;
        Run("nightly-1", Used);

        var result = Admin.Prune();

        Assert.Equal(
            new[] { Name(Unused), Path.Combine(Path.GetDirectoryName(Name(Unused))!, orphan) }.Order(
                StringComparer.Ordinal
            ),
            result.Files.Order(StringComparer.Ordinal)
        );
        Assert.True(File.Exists(Path.Combine(folder, kept)));
        Assert.False(File.Exists(Path.Combine(folder, orphan)));
    }

    [Fact]
    public void Prune_DamagedRecordingThatIsUsed_KeepsWhatItNames()
    {
        var name = Attach(Used, 1);
        var file = RecordingLayout.FileOf(_directory.Path, Used);
        File.WriteAllText(file, File.ReadAllText(file)[..^10]);
        Run("nightly-1", Used, Unused);

        Assert.Empty(Admin.Prune().Files);
        Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(file)!, name)));
    }

    [Fact]
    public void Prune_AttachmentWrittenAMomentAgo_Stays()
    {
        // Its recording may follow.
        var file = Path.Combine(
            Path.GetDirectoryName(RecordingLayout.FileOf(_directory.Path, Used))!,
            $"{Digest.Of("x"u8)}.png"
        );
        File.WriteAllText(file, "x");
        File.SetLastWriteTimeUtc(file, _clock.GetUtcNow().UtcDateTime);
        Run("nightly-1", Used, Unused);

        Assert.Empty(Admin.Prune().Files);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Single(Admin.Prune().Files);
    }

    [Fact]
    public void Prune_LeftByKilledWriters_GoesAfterAnHour()
    {
        var left = RecordingLayout.StagedIn(Path.GetDirectoryName(RecordingLayout.FileOf(_directory.Path, Used))!);
        File.WriteAllText(left, "half");
        File.SetLastWriteTimeUtc(left, _clock.GetUtcNow().UtcDateTime);
        Run("nightly-1", Used, Unused);

        Assert.Empty(Admin.Prune().Files);
        _clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal([Path.GetRelativePath(_directory.Path, left)], Admin.Prune().Files);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Prune_LastOfADeployment_TakesItsFoldersToo()
    {
        var other = Samples.Asking("x", deployment: "Other");
        var file = _directory.Write(other, Samples.Answer("x"), [], replace: true);
        Run("nightly-1", Used, Unused);

        Admin.Prune();

        Assert.False(Directory.Exists(Path.GetDirectoryName(Path.GetDirectoryName(file))));
        Assert.True(Directory.Exists(Path.Combine(_directory.Path, Samples.Deployment)));
    }

    [Fact]
    public void Prune_WhatIsNoneOfOurs_StaysUntouched()
    {
        var notes = Path.Combine(_directory.Path, "notes.txt");
        File.WriteAllText(notes, "mine");
        Run("nightly-1", Used, Unused);

        Assert.Empty(Admin.Prune().Files);
        Assert.True(File.Exists(notes));
    }

    [Fact]
    public void Verify_AllWhole_FindsNothing()
    {
        Attach(Used, 1);
        File.WriteAllText(Path.Combine(_directory.Path, ".gitattributes"), "*.json text eol=lf\n");
        Run("nightly-1", Used);

        var result = Admin.Verify();

        Assert.True(result.IsWhole);
        Assert.Equal(2, result.Checked);
    }

    [Fact]
    public void Verify_EveryDamage_IsListedAtOnce()
    {
        var folder = Path.GetDirectoryName(RecordingLayout.FileOf(_directory.Path, Used))!;
        var missing = Attach(Samples.Asking("missing"), 1);
        File.Delete(Path.Combine(folder, missing));
        var changed = Attach(Samples.Asking("changed"), 2);
        File.WriteAllText(Path.Combine(folder, changed), "other");
        var orphan = Path.Combine(folder, $"{Digest.Of("orphan"u8)}.png");
        File.WriteAllText(orphan, "no orphan");
        var cut = _directory.Write(Samples.Asking("cut"), Samples.Answer("x"), [], replace: true);
        File.WriteAllText(cut, File.ReadAllText(cut)[..100]);
        var edited = _directory.Write(Samples.Asking("edited"), Samples.Answer("x"), [], replace: true);
        File.WriteAllText(edited, File.ReadAllText(edited).Replace("edited", "Edited", StringComparison.Ordinal));
        var renamed = Path.Combine(folder, $"{Digest.Of("x"u8)}.json");
        File.Copy(RecordingLayout.FileOf(_directory.Path, Used), renamed);
        var moved = Path.Combine(_directory.Path, "Elsewhere", "Ask", Path.GetFileName(Name(Used)));
        Directory.CreateDirectory(Path.GetDirectoryName(moved)!);
        File.Copy(RecordingLayout.FileOf(_directory.Path, Used), moved);
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "");
        File.WriteAllText(Path.Combine(_directory.Path, "more.txt"), "");
        Directory.CreateSymbolicLink(Path.Combine(_directory.Path, "link"), _temp.Path);
        Directory.CreateDirectory(Path.Combine(folder, "deeper"));

        var faults = Admin.Verify().Faults.ToDictionary(fault => fault.File, fault => fault.Problem);

        AssertFault(Path.Combine(folder, missing), "It is missing");
        AssertFault(Path.Combine(folder, changed), "Its bytes are not those that its name stands for");
        AssertFault(orphan, "Its bytes are not those that its name stands for");
        AssertFault(cut, "It was cut short");
        AssertFault(edited, "Its request was edited");
        AssertFault(renamed, "It holds the recording of key");
        AssertFault(moved, "It lies in another folder");
        AssertFault(Path.Combine(folder, "notes.txt"), "It is no part of a recording");
        AssertFault(Path.Combine(folder, "deeper"), "It is no part of a recording");
        AssertFault(Path.Combine(_directory.Path, "more.txt"), "It is no part of a recording");
        AssertFault(Path.Combine(_directory.Path, "link"), "It is no part of a recording");
        Assert.Equal(11, faults.Count);

        void AssertFault(string file, string problem) =>
            Assert.StartsWith(problem, faults[Path.GetRelativePath(_directory.Path, file)], StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_WhatReplayWouldRefuse_IsDamage()
    {
        var name = Attach(Used, 1);
        var file = RecordingLayout.FileOf(_directory.Path, Used);
        File.WriteAllText(
            file,
            File.ReadAllText(file).Replace("\"bytes\": 100", "\"bytes\": 99", StringComparison.Ordinal)
        );
        var error = """{"type": "System.IO.IOException", "message": "a", "inner": {"type": "System.IO.IOException"}}""";
        _directory.Write(Unused, new RecordedOutcome("int") { Error = Samples.Json(error) }, [], true);

        var faults = Admin.Verify().Faults;

        Assert.Contains(
            $"The attachment {name} has 100 bytes, and the recording says 99",
            Of(Used),
            StringComparison.Ordinal
        );
        Assert.Contains("An error is an object with 'type' and 'message'", Of(Unused), StringComparison.Ordinal);

        string Of(RecordingRequest request) => Assert.Single(faults, fault => fault.File == Name(request)).Problem;
    }

    [Fact]
    public void Verify_Cancelled_Stops() =>
        Assert.Throws<OperationCanceledException>(() => Admin.Verify(new CancellationToken(canceled: true)));

    private void Run(string? name, params RecordingRequest[] requests)
    {
        using var log = new UsageLog(_directory.Path, _clock) { Run = name };
        foreach (var request in requests)
            log.Note(request.Key);
    }

    private string Attach(RecordingRequest request, int seed)
    {
        var attachments = new Attachments();
        var name = attachments.Add(TestBytes.Of(100, seed), "png");
        var answer = Samples.Answer("Picture", $$"""{"$file": "{{name}}", "bytes": 100}""");
        _directory.Write(request, answer, attachments.All, replace: true);
        return name;
    }

    private string Name(RecordingRequest request) =>
        Path.GetRelativePath(_directory.Path, RecordingLayout.FileOf(_directory.Path, request));

    private static ListedRecording Recording(RecordingListing listing, RecordingRequest request) =>
        Assert.Single(listing.Recordings, recording => recording.Key == request.Key.Digest);
}
