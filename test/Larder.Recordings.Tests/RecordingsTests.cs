using Larder.TestKit;

namespace Larder.Recordings.Tests;

public sealed class RecordingsTests : IDisposable
{
    private static readonly Deployment Service = new("Tests.Service");

    private readonly RecordingsRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task Live_Calls_AreMadeAndNothingIsWritten()
    {
        using var recordings = _room.Open(RecordingMode.Live);
        var assistant = new Assistant();

        Assert.Same(assistant, recordings.Wrap<IAssistant>(assistant));
        Assert.Equal(1, await recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1)));
        Assert.Equal(2, recordings.GetOrRecord(Ask("b"), () => 2));
        Assert.Equal([3], await ListAsync(recordings.StreamAsync(Ask("c"), _ => Items(3))));
        Assert.Empty(_room.Files);
    }

    [Fact]
    public async Task Replay_EveryShapeOfMethod_AnswersAsRecordedAndMakesNoCall()
    {
        var weight = new Assistant().Weigh([1, 2, 2]);
        using (var recording = _room.Open(RecordingMode.Record))
            await CallAllAsync(recording.Wrap<IAssistant>(new Assistant()), weight);

        var service = new Assistant();
        using var recordings = _room.Open(RecordingMode.Replay);
        await CallAllAsync(recordings.Wrap<IAssistant>(service), weight);

        Assert.Equal(0, service.Calls);
        Assert.Equal(
            new RecordingsStatistics(Hits: 11, Misses: 0, Recorded: 0, Left: 0, Drifted: 0),
            recordings.Statistics
        );
    }

    [Fact]
    public async Task Replay_Answer_IsANewObjectEachTime()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.Wrap<IAssistant>(new Assistant()).TableAsync("x");
        using var recordings = _room.Open(RecordingMode.Replay);
        var assistant = recordings.Wrap<IAssistant>(new Assistant());

        (await assistant.TableAsync("x")).Clear();

        Assert.Single(await assistant.TableAsync("x"));
    }

    [Fact]
    public async Task Replay_Missing_TellsTheDirectoryTheMethodAndTheCommand()
    {
        using var recordings = _room.Open(
            RecordingMode.Replay,
            options => options.CurrentTest = () => "Tests.Answers_Why"
        );

        var missing = await Assert.ThrowsAsync<RecordingMissingException>(() =>
            recordings.GetOrRecordAsync(Ask("Why?"), _ => Task.FromResult(1))
        );

        Assert.Equal("Tests.Service.ask", missing.Method);
        Assert.Contains(_room.Path, missing.Message, StringComparison.Ordinal);
        Assert.Contains("Tests.Service.ask", missing.Message, StringComparison.Ordinal);
        Assert.Contains(
            "USE_DEPLOYMENT_CACHE=true SAVE_DEPLOYMENT_CACHE=true dotnet test --filter \"FullyQualifiedName~Tests.Answers_Why\"",
            missing.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(1, recordings.Statistics.Misses);
    }

    [Fact]
    public async Task Replay_MissingWhereContinuousIntegrationHoldsRecordingBack_SaysSo()
    {
        using var recordings = _room.Open(
            RecordingMode.RecordMissing,
            options => options.Variable = name => name == "CI" ? "true" : null
        );

        var missing = await Assert.ThrowsAsync<RecordingMissingException>(() =>
            recordings.GetOrRecordAsync(Ask("Why?"), _ => Task.FromResult(1))
        );

        Assert.Contains("CI is set", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_CancelledToken_IsCancelledAsALiveCallWouldBe()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1));
        using var recordings = _room.Open(RecordingMode.Replay);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1), new CancellationToken(canceled: true))
        );
    }

    [Fact]
    public async Task Replay_ErrorOfACall_ComesBackAsTheSameType()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await Assert.ThrowsAsync<ArgumentException>(() =>
                recording.GetOrRecordAsync<int>(Ask("a"), _ => throw new ArgumentException("too long", "text"))
            );
        using var recordings = _room.Open(RecordingMode.Replay);

        var failure = await Assert.ThrowsAsync<ArgumentException>(() =>
            recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1))
        );

        Assert.Equal("text", failure.ParamName);
        Assert.Equal(new ArgumentException("too long", "text").Message, failure.Message);
    }

    [Fact]
    public async Task Replay_MethodThatAnswersAnotherTypeNow_IsToldSo()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1));
        using var recordings = _room.Open(RecordingMode.Replay);

        var damaged = await Assert.ThrowsAsync<RecordingDamagedException>(() =>
            recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult("one"))
        );

        Assert.Contains("System.Int32", damaged.Message, StringComparison.Ordinal);
        Assert.Contains("System.String", damaged.Message, StringComparison.Ordinal);
        Assert.EndsWith(_room.Files[0], damaged.File, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_StreamWhereAnAnswerWasRecorded_IsToldSo()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1));
        using var recordings = _room.Open(RecordingMode.Replay);

        await Assert.ThrowsAsync<RecordingDamagedException>(() =>
            ListAsync(recordings.StreamAsync(Ask("a"), _ => Items(1)))
        );
    }

    [Fact]
    public async Task Replay_AnswerEditedToAnotherType_IsToldWithTheFile()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1234));
        await File.WriteAllTextAsync(
            Path.Combine(_room.Path, _room.Files[0]),
            _room.Text.Replace("1234", "\"many\"", StringComparison.Ordinal)
        );
        using var recordings = _room.Open(RecordingMode.Replay);

        var damaged = await Assert.ThrowsAsync<RecordingDamagedException>(() =>
            recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1))
        );

        Assert.Contains(_room.Files[0], damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_DirectoryThatCannotBeMade_IsToldBeforeTheCall()
    {
        await File.WriteAllTextAsync(_room.Path, "in the way");
        using var recordings = _room.Open(RecordingMode.Record);
        var calls = 0;

        await Assert.ThrowsAsync<RecordingException>(() =>
            recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(++calls))
        );

        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task Record_AnswerOfAKindThatNoRecordingHolds_IsToldBeforeTheCall()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var calls = 0;

        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<NotRecordableException>(() =>
                recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult<Func<int>>(() => ++calls))
            );
        }

        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task Record_ArgumentThatCannotBeToldApart_IsToldWithItsPathBeforeTheCall()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var calls = 0;

        var refused = await Assert.ThrowsAsync<NotRecordableException>(() =>
            recordings.GetOrRecordAsync(
                new RecordedCall(Service, "ask").With("options", new Options(() => 1)),
                _ => Task.FromResult(++calls)
            )
        );

        Assert.Contains("$.arguments.options", refused.Place, StringComparison.Ordinal);
        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task Record_SameRequestTwiceWithTwoAnswers_IsAConflictAndTheFirstIsKept()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var calls = 0;
        await recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(++calls));

        var conflict = await Assert.ThrowsAsync<RecordingConflictException>(() =>
            recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(++calls))
        );

        Assert.Contains("1 was recorded, 2 came", conflict.Message, StringComparison.Ordinal);
        using var replay = _room.Open(RecordingMode.Replay);
        Assert.Equal(1, await replay.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(-1)));
    }

    [Fact]
    public async Task Record_RequestsThatOnlyASecretTellsApart_AreAConflictWhenTheirAnswersDiffer()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() =>
            recordings.GetOrRecordAsync<string>(LogIn("wrong"), _ => throw new UnauthorizedAccessException("no"))
        );

        await Assert.ThrowsAsync<RecordingConflictException>(() =>
            recordings.GetOrRecordAsync(LogIn("right"), _ => Task.FromResult("welcome"))
        );

        static RecordedCall LogIn(string password) => new RecordedCall(Service, "log in").With("password", password);
    }

    [Fact]
    public async Task Record_SameRequestTwiceWithOneAnswer_IsWrittenOnce()
    {
        using var recordings = _room.Open(RecordingMode.Record);

        for (var i = 0; i < 2; i++)
            await recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1));

        Assert.Equal(1, recordings.Statistics.Recorded);
    }

    [Fact]
    public async Task Record_RecordingsOwnRefusalWithinACall_IsNotRecordedAsItsAnswer()
    {
        using var recordings = _room.Open(RecordingMode.Record);

        await Assert.ThrowsAsync<RecordingException>(() =>
            recordings.GetOrRecordAsync<int>(Ask("a"), _ => throw new RecordingException("inner"))
        );

        Assert.Empty(_room.Files);
    }

    [Fact]
    public async Task RecordMissing_ManySameCallsAtOnce_MakeOne()
    {
        using var recordings = _room.Open(RecordingMode.RecordMissing);
        var gate = new Gate();
        gate.Close();
        var calls = 0;

        Task<int>[] all =
        [
            .. Enumerable
                .Range(0, 16)
                .Select(_ =>
                    recordings.GetOrRecordAsync(
                        Ask("a"),
                        async token =>
                        {
                            await gate.PassAsync(token);
                            return Interlocked.Increment(ref calls);
                        }
                    )
                ),
        ];
        await gate.Reached;
        gate.Open();

        Assert.All(await Task.WhenAll(all), answer => Assert.Equal(1, answer));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task RecordMissing_OneWaiterIsCancelled_OthersGoOn()
    {
        using var recordings = _room.Open(RecordingMode.RecordMissing);
        using var cancel = new CancellationTokenSource();
        var gate = new Gate();
        gate.Close();
        var first = recordings.GetOrRecordAsync(Ask("a"), SlowAsync);
        await gate.Reached;
        var leaving = recordings.GetOrRecordAsync(Ask("a"), SlowAsync, cancel.Token);
        var staying = recordings.GetOrRecordAsync(Ask("a"), SlowAsync);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        gate.Open();

        Assert.All(await Task.WhenAll(first, staying), answer => Assert.Equal(7, answer));

        async Task<int> SlowAsync(CancellationToken token)
        {
            await gate.PassAsync(token);
            return 7;
        }
    }

    [Fact]
    public async Task RecordMissing_TwoStreamsOfOneRequestReadInTurns_DoNotWaitForEachOther()
    {
        using var recordings = _room.Open(RecordingMode.RecordMissing);
        await using var left = recordings.StreamAsync(Ask("a"), _ => Items(1, 2)).GetAsyncEnumerator();
        await using var right = recordings.StreamAsync(Ask("a"), _ => Items(1, 2)).GetAsyncEnumerator();

        for (var i = 1; i <= 2; i++)
        {
            Assert.True(await left.MoveNextAsync());
            Assert.True(await right.MoveNextAsync());
            Assert.Equal((i, i), (left.Current, right.Current));
        }

        Assert.False(await left.MoveNextAsync());
        Assert.False(await right.MoveNextAsync());
        Assert.Single(_room.Files);
    }

    [Fact]
    public async Task Record_StreamWithTiming_TellsWhenEachItemCameAndReplaysIt()
    {
        var clock = new ManualTimeProvider();
        using (var recording = _room.Open(RecordingMode.Record, timeProvider: clock))
            await ListAsync(recording.StreamAsync(Timed(), _ => TickingAsync()));
        Assert.Contains("\"milliseconds\"", _room.Text, StringComparison.Ordinal);
        using var recordings = _room.Open(RecordingMode.Replay, options => options.ReplaysTiming = true, clock);
        await using var items = recordings.StreamAsync(Timed(), _ => Items(0)).GetAsyncEnumerator();

        var next = items.MoveNextAsync().AsTask();
        await clock.AdvanceWhenWaitedForAsync(TimeSpan.FromMilliseconds(250));
        Assert.True(await next);
        next = items.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        await clock.AdvanceWhenWaitedForAsync(TimeSpan.FromMilliseconds(250));
        Assert.True(await next);
        Assert.False(await items.MoveNextAsync());

        RecordedCall Timed() => new RecordedCall(Service, "ticks") { Timing = true }.With("n", 2);

        async IAsyncEnumerable<int> TickingAsync()
        {
            for (var i = 0; i < 2; i++)
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                await Task.Yield();
                yield return i;
            }
        }
    }

    [Fact]
    public async Task Record_StreamWithoutTiming_HasNoNoise()
    {
        for (var i = 0; i < 2; i++)
        {
            using var recordings = _room.Open(RecordingMode.Record);
            await ListAsync(recordings.StreamAsync(Ask("a"), _ => Items(1, 2)));
            Assert.DoesNotContain("milliseconds", _room.Text, StringComparison.Ordinal);
        }
        Assert.Contains("\"end\": \"complete\"", _room.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_StreamThatFailsBeforeItIsOne_RecordsTheError()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                ListAsync(recording.StreamAsync<int>(Ask("a"), _ => throw new InvalidOperationException("no model")))
            );
        using var recordings = _room.Open(RecordingMode.Replay);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            ListAsync(recordings.StreamAsync(Ask("a"), _ => Items(1)))
        );

        Assert.Equal("no model", failure.Message);
        Assert.Equal(0, recordings.Statistics.Left);
    }

    [Fact]
    public async Task Usage_RecordingThatCannotBeUsed_IsNotedAsNeeded()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1));
        var file = Path.Combine(_room.Path, Assert.Single(_room.Files));
        RemoveNotes();
        using (var recordings = _room.Open(RecordingMode.Replay))
            await Assert.ThrowsAsync<RecordingDamagedException>(() =>
                recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult("of another type"))
            );
        Assert.Single(Notes());
        RemoveNotes();
        File.WriteAllText(file, "version https://git-lfs.github.com/spec/v1\n");
        using (var recordings = _room.Open(RecordingMode.Replay))
            await Assert.ThrowsAsync<RecordingDamagedException>(() =>
                recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1))
            );

        Assert.Single(Notes());
    }

    [Theory]
    [InlineData(RecordingMode.Compare)]
    [InlineData(RecordingMode.Record)]
    public async Task Usage_StreamThatIsLeftOrCallThatIsCancelled_IsNotedAsNeeded(RecordingMode mode)
    {
        using (var recordings = _room.Open(mode))
        {
            await foreach (var _ in recordings.StreamAsync(Ask("a"), _ => Items(1, 2)))
                break;
            await Assert.ThrowsAsync<OperationCanceledException>(() =>
                recordings.GetOrRecordAsync(Ask("b"), _ => Task.FromException<int>(new OperationCanceledException()))
            );
        }

        Assert.Equal(2, Notes().Count);
    }

    [Fact]
    public async Task Compare_SameFailure_HasNotDrifted()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await Assert.ThrowsAsync<IOException>(() => FailAsync(recording));
        using var recordings = _room.Open(RecordingMode.Compare);

        await Assert.ThrowsAsync<IOException>(() => FailAsync(recordings));

        Assert.Empty(recordings.Drifts);

        Task<int> FailAsync(Recordings by) =>
            by.GetOrRecordAsync(Ask("a"), _ => Task.FromException<int>(new IOException("x")));
    }

    [Fact]
    public async Task Record_FailureWithAPropertyThatCannotBeRead_IsTheFailureThatTheCallerSees()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await Assert.ThrowsAsync<SpannedException>(() => FailAsync(recording));
        using var recordings = _room.Open(RecordingMode.Replay);

        var failure = await Assert.ThrowsAsync<RecordedException>(() => FailAsync(recordings));
        Assert.Equal("half \ufffd", failure.RecordedMessage);

        Task<int> FailAsync(Recordings by) =>
            by.GetOrRecordAsync(Ask("a"), _ => Task.FromException<int>(new SpannedException("half \ud800")));
    }

    public sealed class SpannedException(string message) : Exception(message)
    {
        public ReadOnlySpan<char> Part => Message;
    }

    [Fact]
    public async Task Compare_FailureWhoseRecordingIsDamaged_IsTold()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1));
        File.WriteAllText(Path.Combine(_room.Path, Assert.Single(_room.Files)), "{");
        using var recordings = _room.Open(RecordingMode.Compare, options => options.FailsOnDrift = false);

        await Assert.ThrowsAsync<IOException>(() =>
            recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromException<int>(new IOException("x")))
        );

        Assert.Single(recordings.Drifts);
    }

    [Fact]
    public async Task Compare_AnswerWithinTheTolerance_HasNotDrifted()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1.0));
        using var recordings = _room.Open(RecordingMode.Compare, options => options.Tolerance.Relative = 1e-3);

        Assert.Equal(1.0005, await recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1.0005)));

        Assert.Empty(recordings.Drifts);
    }

    [Fact]
    public async Task Compare_AnswerBeyondTheTolerance_IsToldAndNothingIsWritten()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1.0));
        var before = _room.Text;
        using var recordings = _room.Open(RecordingMode.Compare, options => options.FailsOnDrift = false);

        await recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(2.0));
        await recordings.GetOrRecordAsync(Ask("new"), _ => Task.FromResult(2.0));

        Assert.Equal(before, _room.Text);
        Assert.Equal(2, recordings.Drifts.Count);
        Assert.Contains("2", Assert.Single(recordings.Drifts[0].Differences), StringComparison.Ordinal);
        Assert.Equal(2, recordings.Statistics.Drifted);
    }

    [Fact]
    public async Task Compare_AnswerBeyondTheTolerance_FailsTheCall()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1.0));
        using var recordings = _room.Open(RecordingMode.Compare);

        var drifted = await Assert.ThrowsAsync<RecordingDriftException>(() =>
            recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(2.0))
        );

        Assert.Contains("1 was recorded, 2 came", drifted.Message, StringComparison.Ordinal);
        Assert.Contains(_room.Files[0], drifted.Drift.File, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_ErrorWhereAnAnswerWasRecorded_FailsTheCallWithTheDrift()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1));
        using var recordings = _room.Open(RecordingMode.Compare);

        var drifted = await Assert.ThrowsAsync<RecordingDriftException>(() =>
            recordings.GetOrRecordAsync<int>(Ask("a"), _ => throw new TimeoutException("too slow"))
        );

        Assert.Contains("too slow", drifted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_StreamWithAnotherItem_HasDrifted()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await ListAsync(recording.StreamAsync(Ask("a"), _ => Items(1, 2)));
        using var recordings = _room.Open(RecordingMode.Compare);

        await Assert.ThrowsAsync<RecordingDriftException>(() =>
            ListAsync(recordings.StreamAsync(Ask("a"), _ => Items(1, 2, 3)))
        );

        Assert.Single(recordings.Drifts);
    }

    [Fact]
    public async Task Fixture_AnswersThatHaveDrifted_FailAtTheEnd()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult("cat"));
        var fixture = new Fixture(
            new RecordingsOptions
            {
                Directory = _room.Path,
                Mode = RecordingMode.Compare,
                FailsOnDrift = false,
            }
        );
        await fixture.Recordings.GetOrRecordAsync(Ask("a"), _ => Task.FromResult("dog"));

        var drifted = Assert.Throws<RecordingException>(fixture.Dispose);

        Assert.Contains("Tests.Service.ask", drifted.Message, StringComparison.Ordinal);
        Assert.Contains("dog", drifted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_ManyCallsFromManyThreads_AllComeBack()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await Task.WhenAll(
                Enumerable
                    .Range(0, 200)
                    .Select(i => Task.Run(() => recording.GetOrRecordAsync(Ask($"{i}"), _ => Task.FromResult(i))))
            );
        using var recordings = _room.Open(RecordingMode.Replay);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(i => Task.Run(() => recordings.GetOrRecordAsync(Ask($"{i}"), _ => Task.FromResult(-1))))
        );

        Assert.Equal(Enumerable.Range(0, 200), answers);
    }

    [Fact]
    public void Beside_SourceFile_IsTheDirectoryBesideIt() =>
        Assert.EndsWith(
            Path.Combine("Larder.Recordings.Tests", "recordings"),
            RecordingsOptions.Beside().Directory,
            StringComparison.Ordinal
        );

    private string NotesFolder => Path.Combine(_room.Path, ".usage");

    private void RemoveNotes() => Directory.Delete(NotesFolder, recursive: true);

    private List<string> Notes() =>
        [
            .. Directory
                .GetFiles(NotesFolder, "*.jsonl")
                .SelectMany(File.ReadLines)
                .Where(line => line.StartsWith("{\"key\"", StringComparison.Ordinal)),
        ];

    private static RecordedCall Ask(string question) => new RecordedCall(Service, "ask").With("question", question);

    private static async IAsyncEnumerable<int> Items(params int[] items)
    {
        foreach (var item in items)
        {
            await Task.Yield();
            yield return item;
        }
    }

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> stream)
    {
        var items = new List<T>();
        await foreach (var item in stream)
            items.Add(item);
        return items;
    }

    private static async Task CallAllAsync(IAssistant assistant, double weight)
    {
        Assert.Equal("You asked: Why?", await assistant.AskAsync("Why?"));
        Assert.Equal(4, await assistant.CountAsync("four"));
        Assert.Equal("it", await assistant.RecallAsync("it"));
        Assert.Null(await assistant.RecallAsync(""));
        await assistant.ForgetAsync("it");
        await assistant.RestAsync();
        Assert.Equal(["Once", "upon", "a time"], await ListAsync(assistant.TellAsync("a time")));
        Assert.Equal(weight, assistant.Weigh([1, 2, 2]));
        assistant.Learn("it");
        Assert.Equal(12, await assistant.ConvertAsync<int>("12"));
        Assert.Equal("12", await assistant.ConvertAsync<string>("12"));
    }

    private sealed record Options(Func<int> Callback);

    private sealed class Fixture(RecordingsOptions options) : RecordingsFixture(options);
}
