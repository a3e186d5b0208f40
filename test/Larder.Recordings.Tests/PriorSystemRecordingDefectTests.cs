namespace Larder.Recordings.Tests;

/// <summary>What its users met in the prior system's test cache, each as it does not happen here.</summary>
public sealed class PriorSystemRecordingDefectTests : IDisposable
{
    private readonly RecordingsRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task Replay_QuestionThatWasNeverRecorded_IsMissingAndNotTheNearestAnswer()
    {
        await Recorded(assistant => assistant.AskAsync("What is 2+2?"));

        var missing = await Assert.ThrowsAsync<RecordingMissingException>(() =>
            Replay().AskAsync("What is 9*9?", cancellationToken: TestContext.Current.CancellationToken)
        );

        Assert.Contains("What is 2+2?", missing.Message, StringComparison.Ordinal);
        Assert.Contains("What is 9*9?", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_TextWithTheWordException_ComesBackAsItIs()
    {
        await Recorded(
            assistant => assistant.AskAsync("exception"),
            a => a.OnAsk = (_, _) => Task.FromResult("an exception")
        );

        Assert.Equal("an exception", await Replay().AskAsync("exception"));
    }

    [Fact]
    public async Task Record_Integer_ComesBackAsItIs()
    {
        await Recorded(assistant => assistant.CountAsync("four"));

        Assert.Equal(4, await Replay().CountAsync("four"));
    }

    [Fact]
    public async Task Record_DictionaryWithTheNameException_IsAnAnswerAndNoFailure()
    {
        await Recorded(assistant => assistant.TableAsync("exception"));

        Assert.Equal(9, (await Replay().TableAsync("exception"))["exception"]);
    }

    [Fact]
    public async Task Record_ReaderLeavesAStreamAfterTwoItems_NothingIsRecorded()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var read = new List<string>();

        await foreach (var word in recordings.Wrap<IAssistant>(new Assistant()).TellAsync("a time"))
        {
            read.Add(word);
            if (read.Count == 2)
                break;
        }

        Assert.Equal(["Once", "upon"], read);
        Assert.Empty(_room.Files);
        Assert.Equal(1, recordings.Statistics.Left);
    }

    [Fact]
    public async Task Record_CancelledCall_StaysCancelledAndIsNotRecorded()
    {
        using var cancel = new CancellationTokenSource();
        using var recordings = _room.Open(RecordingMode.Record);
        var begun = new TaskCompletionSource();
        var assistant = new Assistant
        {
            OnAsk = async (_, token) =>
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, token);
                return "never";
            },
        };

        var call = recordings.Wrap<IAssistant>(assistant).AskAsync("Why?", cancellationToken: cancel.Token);
        await begun.Task;
        await cancel.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        Assert.Empty(_room.Files);
    }

    [Fact]
    public async Task Replay_StreamThatFailedMidway_GivesTheItemsBeforeTheError()
    {
        await Assert.ThrowsAsync<TimeoutException>(() =>
            Recorded(assistant => ReadAsync(assistant.TellAsync("x"), []), a => a.OnTell = (_, _) => FailingAsync())
        );
        var items = new List<string>();

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => ReadAsync(Replay().TellAsync("x"), items));

        Assert.Equal(["one", "two"], items);
        Assert.Equal("no answer in 3 s", failure.Message);

        static async IAsyncEnumerable<string> FailingAsync()
        {
            yield return "one";
            await Task.Yield();
            yield return "two";
            throw new TimeoutException("no answer in 3 s");
        }
    }

    [Fact]
    public async Task Record_ArgumentsInAnotherOrderByNameOrByPosition_AreOneRequest()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var assistant = recordings.Wrap<IAssistant>(new Assistant());

        await assistant.AskAsync("Why?", 10);
        await assistant.AskAsync(maxTokens: 10, question: "Why?");
        await assistant.AskAsync("Why?");

        Assert.Single(_room.Files);
    }

    [Fact]
    public async Task Record_ExplicitCallWithArgumentsInAnotherOrder_IsOneRequest()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var deployment = new Deployment("Assistant");

        foreach (var names in new[] { new[] { "a", "b" }, ["b", "a"] })
        {
            var call = new RecordedCall(deployment, "ask");
            foreach (var name in names)
                call.With(name, name.Length);
            await recordings.GetOrRecordAsync(call, _ => Task.FromResult("yes"));
        }

        Assert.Single(_room.Files);
    }

    [Fact]
    public async Task Record_AgainWithAnotherAnswer_RefreshesTheRecording()
    {
        await Recorded(assistant => assistant.AskAsync("Why?"), a => a.OnAsk = (_, _) => Task.FromResult("old"));
        await Recorded(assistant => assistant.AskAsync("Why?"), a => a.OnAsk = (_, _) => Task.FromResult("new"));

        Assert.Equal("new", await Replay().AskAsync("Why?"));
        Assert.Single(_room.Files);
    }

    [Fact]
    public async Task RecordMissing_SomeRecordedAndSomeNot_MakesOnlyTheMissingCalls()
    {
        await Recorded(assistant => assistant.AskAsync("old"));
        var service = new Assistant();
        using var recordings = _room.Open(RecordingMode.RecordMissing);
        var assistant = recordings.Wrap<IAssistant>(service);

        await assistant.AskAsync("old");
        await assistant.AskAsync("new");
        await assistant.AskAsync("new");

        Assert.Equal(1, service.Calls);
        Assert.Equal(2, _room.Files.Count);
    }

    [Fact]
    public async Task Replay_ClassWhoseMarkedMethodsAreAllInherited_IsNeverMade()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.Wrap<IScorer>(new LoadedScorer(), new Deployment("Scorer")).ScoreAsync("good");
        using var recordings = _room.Open(RecordingMode.Replay);
        var made = false;

        var scorer = recordings.Wrap<IScorer>(
            () =>
            {
                made = true;
                return new LoadedScorer();
            },
            new Deployment("Scorer")
        );

        Assert.Equal(4, await scorer.ScoreAsync("good"));
        Assert.False(made);
    }

    [Fact]
    public async Task Wrap_MarksOnMethodsOfABaseClass_AreFound()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.Wrap<IPlainScorer>(new DerivedPlainScorer()).ScoreAsync("good");

        Assert.Single(_room.Files);
    }

    [Fact]
    public async Task Replay_RecordingNamesAnotherType_MakesNothingOfIt()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Recorded(
                assistant => assistant.AskAsync("Why?"),
                a => a.OnAsk = (_, _) => throw new InvalidOperationException("no")
            )
        );
        var file = Path.Combine(_room.Path, _room.Files[0]);
        var trap = typeof(Trap).FullName!;
        await File.WriteAllTextAsync(
            file,
            _room.Text.Replace("System.InvalidOperationException", trap, StringComparison.Ordinal)
        );

        var failure = await Assert.ThrowsAsync<RecordedException>(() => Replay().AskAsync("Why?"));

        Assert.Equal(trap, failure.TypeName);
        Assert.Equal(0, Trap.Made);
    }

    [Fact]
    public async Task Record_TwoClassesOfOneNameInTwoPlaces_HaveRecordingsOfTheirOwn()
    {
        using var recordings = _room.Open(RecordingMode.Record);

        await recordings.Wrap<IPlainScorer>(new Here.Scorer()).ScoreAsync("good");
        await recordings.Wrap<IPlainScorer>(new There.Scorer()).ScoreAsync("good");

        Assert.Equal(2, _room.Files.Count);
    }

    [Fact]
    public async Task Record_PathUnderAnotherRoot_IsTheSameRequest()
    {
        var deployment = new Deployment("Reader");
        foreach (var root in new[] { "/home/ann/project", "/builds/7/project" })
        {
            using var recordings = _room.Open(RecordingMode.Record, options => options.Root = root);
            await recordings.GetOrRecordAsync(
                new RecordedCall(deployment, "read").With("path", $"{root}/samples/cat.png"),
                _ => Task.FromResult(1)
            );
        }

        Assert.Single(_room.Files);
    }

    [Fact]
    public async Task Record_MemberThatIsNewEachTime_IsLeftOutWhereItIsMarked()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var deployment = new Deployment("Reader");

        for (var i = 0; i < 2; i++)
            await recordings.GetOrRecordAsync(
                new RecordedCall(deployment, "describe").With("media", new Media("cat.png")),
                _ => Task.FromResult("a cat")
            );

        Assert.Single(_room.Files);
    }

    private async Task Recorded(Func<IAssistant, Task> call, Action<Assistant>? arrange = null)
    {
        var assistant = new Assistant();
        arrange?.Invoke(assistant);
        using var recordings = _room.Open(RecordingMode.Record);
        await call(recordings.Wrap<IAssistant>(assistant));
    }

    private IAssistant Replay()
    {
        var recordings = _room.Open(RecordingMode.Replay);
        return recordings.Wrap<IAssistant>(
            () => throw new InvalidOperationException("The service must not be made in replay."),
            new Deployment(typeof(Assistant).FullName!)
        );
    }

    private static async Task ReadAsync(IAsyncEnumerable<string> stream, List<string> items)
    {
        await foreach (var item in stream)
            items.Add(item);
    }

    public interface IScorerBase
    {
        [TestCache]
        Task<int> ScoreAsync(string text);
    }

    public interface IScorer : IScorerBase;

    public interface IPlainScorer
    {
        Task<int> ScoreAsync(string text);
    }

    public class LoadedScorer : IScorer
    {
        public Task<int> ScoreAsync(string text) => Task.FromResult(text.Length);
    }

    public class PlainScorer : IPlainScorer
    {
        [TestCache]
        public virtual Task<int> ScoreAsync(string text) => Task.FromResult(text.Length);
    }

    public sealed class DerivedPlainScorer : PlainScorer
    {
        public override Task<int> ScoreAsync(string text) => Task.FromResult(text.Length + 1);
    }

    public static class Here
    {
        public sealed class Scorer : PlainScorer;
    }

    public static class There
    {
        public sealed class Scorer : PlainScorer;
    }

    public sealed class Trap : IDisposable
    {
        public Trap(string message) => Made += message.Length;

        public static int Made { get; private set; }

        public void Dispose() { }
    }

    public sealed record Media(string Name)
    {
        [NotRecorded]
        public Guid Id { get; } = Guid.NewGuid();
    }
}
