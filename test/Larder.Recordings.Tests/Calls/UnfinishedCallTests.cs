using System.Runtime.CompilerServices;

namespace Larder.Recordings.Tests.Calls;

/// <summary>Calls that have not come to an end of their own, or whose service was never there: nothing of them is recorded.</summary>
public sealed class UnfinishedCallTests : IDisposable
{
    private static readonly Deployment Service = new("Tests.Service");

    private readonly RecordingsRoom _room = new();

    public void Dispose() => _room.Dispose();

    // Native runtimes and RPC clients tell of a cancellation in words of their own.
    [Fact]
    public async Task Record_FailureOfACancelledCall_IsNotRecorded()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        using var cancellation = new CancellationTokenSource();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            recordings.GetOrRecordAsync<int>(
                Ask("a"),
                _ =>
                {
                    cancellation.Cancel();
                    throw new InvalidOperationException("The run was terminated.");
                },
                cancellation.Token
            )
        );

        Assert.Empty(_room.Files);
        Assert.Equal(1, recordings.Statistics.Left);
    }

    [Fact]
    public async Task Record_AnswerOfACancelledCall_IsHandedOnAndNotRecorded()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        using var cancellation = new CancellationTokenSource();

        var answer = await recordings.GetOrRecordAsync(
            Ask("a"),
            _ =>
            {
                cancellation.Cancel();
                return Task.FromResult("half of a sen");
            },
            cancellation.Token
        );

        Assert.Equal("half of a sen", answer);
        Assert.Empty(_room.Files);
        Assert.Equal(1, recordings.Statistics.Left);
    }

    [Fact]
    public async Task Record_StreamThatStopsWhenItIsCancelled_IsNotRecorded()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        using var cancellation = new CancellationTokenSource();
        var stream = recordings.StreamAsync(Ask("a"), Until, cancellation.Token);

        await foreach (var _ in stream)
            await cancellation.CancelAsync();

        Assert.Empty(_room.Files);
        Assert.Equal(1, recordings.Statistics.Left);

        static async IAsyncEnumerable<int> Until([EnumeratorCancellation] CancellationToken token)
        {
            for (var i = 0; !token.IsCancellationRequested; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
    }

    [Fact]
    public void Record_SynchronousCallThatIsCancelled_IsNotRecorded()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        using var cancellation = new CancellationTokenSource();
        var reader = recordings.Wrap<IReader>(new Reader(cancellation));

        Assert.Equal("half", reader.Read("a", cancellation.Token));

        Assert.Empty(_room.Files);
    }

    // Else a machine without the model would write its absence into every recording.
    [Fact]
    public async Task Record_ServiceThatCannotBeMade_IsNoAnswerOfTheCall()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var assistant = recordings.Wrap<IAssistant>(
            () => throw new FileNotFoundException("There are no weights."),
            new Deployment("Assistant")
        );

        await Assert.ThrowsAsync<FileNotFoundException>(() => assistant.AskAsync("Why?"));
        await Assert.ThrowsAsync<FileNotFoundException>(async () =>
        {
            await foreach (var _ in assistant.TellAsync("foxes"))
                Assert.Fail("There is nobody to tell of them.");
        });
        Assert.Throws<FileNotFoundException>(() => assistant.Weigh([1]));

        Assert.Empty(_room.Files);
    }

    [Fact]
    public async Task Record_StreamWhoseArgumentsChangeBeforeItIsRead_IsRefused()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        List<string> words = ["a"];
        var call = new RecordedCall(Service, "tell").With("words", words);
        var stream = recordings.StreamAsync(call, token => Assistant.Words(words, token));

        words.Add("b");

        await Assert.ThrowsAsync<NotRecordableException>(async () =>
        {
            await foreach (var _ in stream)
                Assert.Fail("It would be recorded as the answer to another request.");
        });
        Assert.Empty(_room.Files);
    }

    // Such as a service that was wrapped twice.
    [Fact]
    public async Task RecordMissing_CallThatMakesTheSameCall_DoesNotWaitForItself()
    {
        using var recordings = _room.Open(RecordingMode.RecordMissing);
        var twice = recordings.Wrap(
            recordings.Wrap<IAssistant>(new Assistant(), new Deployment("Assistant")),
            new Deployment("Assistant")
        );

        var asked = Task.Run(() => twice.AskAsync("Why?"));
        var weighed = Task.Run(() => twice.Weigh([1, 2]));

        Assert.Equal("You asked: Why?", await asked.WaitAsync(TestTimeout));
        Assert.Equal(1, await weighed.WaitAsync(TestTimeout));
        Assert.Equal(2, _room.Files.Count);
    }

    [Fact]
    public async Task Compare_FailureOfACallWhoseRecordingIsDamaged_IsDrift()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await recording.GetOrRecordAsync(Ask("a"), _ => Task.FromResult(1));
        await File.WriteAllTextAsync(
            Path.Combine(_room.Path, _room.Files[0]),
            "{",
            TestContext.Current.CancellationToken
        );
        using var recordings = _room.Open(RecordingMode.Compare, options => options.FailsOnDrift = false);

        await Assert.ThrowsAsync<OwnException>(() =>
            recordings.GetOrRecordAsync<int>(Ask("a"), _ => throw new OwnException("no"))
        );

        Assert.Single(recordings.Drifts);
    }

    [Fact]
    public async Task Replay_ErrorOfACallThatAnswersNothing_ComesBackAsTheSameType()
    {
        using (var recording = _room.Open(RecordingMode.Record))
            await Assert.ThrowsAsync<OwnException>(() => recording.GetOrRecordAsync(Ask("a"), Fail));
        using var recordings = _room.Open(RecordingMode.Replay);

        await Assert.ThrowsAsync<OwnException>(() => recordings.GetOrRecordAsync(Ask("a"), Fail));

        static Task Fail(CancellationToken token) => throw new OwnException("no");
    }

    private static TimeSpan TestTimeout => TimeSpan.FromSeconds(20);

    private static RecordedCall Ask(string question) => new RecordedCall(Service, "ask").With("question", question);

    public sealed class OwnException(string message) : Exception(message);

    public interface IReader
    {
        [TestCache]
        string Read(string text, CancellationToken cancellationToken);
    }

    private sealed class Reader(CancellationTokenSource cancellation) : IReader
    {
        public string Read(string text, CancellationToken cancellationToken)
        {
            cancellation.Cancel();
            return "half";
        }
    }
}
