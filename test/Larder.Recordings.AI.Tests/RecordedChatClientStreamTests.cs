using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Tests;

public sealed class RecordedChatClientStreamTests : IDisposable
{
    private readonly RecordingsRoom _room = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task Replay_Updates_ComeWithTheirBoundaries()
    {
        using var model = new FakeChatClient { Streams = _ => Updates("Hel", "lo", "", " world") };
        using (var recording = _room.Open(RecordingMode.Record))
            await ListAsync(model.UseRecordings(recording).GetStreamingResponseAsync("Hi", cancellationToken: Token));
        using var recordings = _room.Open(RecordingMode.Replay);
        using var other = FakeChatClient.NeverAsked();

        var updates = await ListAsync(
            other.UseRecordings(recordings).GetStreamingResponseAsync("Hi", cancellationToken: Token)
        );

        Assert.Equal(["Hel", "lo", "", " world"], updates.Select(update => update.Text));
        Assert.All(updates, update => Assert.Equal("r1", update.ResponseId));
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
        Assert.Equal("Hello world", updates.ToChatResponse().Text);
        Assert.Equal(0, other.Calls);
    }

    [Fact]
    public async Task Recording_Updates_AreTheModelsOwn()
    {
        var own = Updates("a", "b");
        using var model = new FakeChatClient { Streams = _ => own };
        using var recording = _room.Open(RecordingMode.Record);

        var updates = await ListAsync(
            model.UseRecordings(recording).GetStreamingResponseAsync("Hi", cancellationToken: Token)
        );

        Assert.Equal(own, updates, ReferenceEqualityComparer.Instance.Equals);
    }

    [Fact]
    public async Task Recording_OptionsThatChangeBeforeTheStreamIsRead_AreRefused()
    {
        using var model = new FakeChatClient { Streams = _ => Updates("a", "b") };
        using var recording = _room.Open(RecordingMode.Record);
        var options = new ChatOptions { Temperature = 0 };
        var stream = model.UseRecordings(recording).GetStreamingResponseAsync("Hi", options, Token);

        options.Temperature = 1;

        await Assert.ThrowsAsync<NotRecordableException>(() => ListAsync(stream));
        Assert.Empty(_room.Files);
    }

    [Fact]
    public async Task Failure_AfterSomeUpdates_ComesAfterThem()
    {
        using var model = new FakeChatClient
        {
            Streams = _ => Updates("a", "b").Append(new ChatResponseUpdate()).Select(Last),
        };
        using (var recording = _room.Open(RecordingMode.Record))
            await CollectAsync(model.UseRecordings(recording));
        using var recordings = _room.Open(RecordingMode.Replay);
        using var other = FakeChatClient.NeverAsked();

        var (texts, failure) = await CollectAsync(other.UseRecordings(recordings));

        Assert.Equal(["a", "b"], texts);
        Assert.Equal("The connection was lost.", Assert.IsType<IOException>(failure).Message);

        static ChatResponseUpdate Last(ChatResponseUpdate update) =>
            update.ResponseId is null ? throw new IOException("The connection was lost.") : update;
    }

    [Fact]
    public async Task Reader_WhoLeaves_LeavesNoRecording()
    {
        using var model = new FakeChatClient { Streams = _ => Updates("a", "b", "c") };
        using var recording = _room.Open(RecordingMode.Record);

        await foreach (
            var update in model.UseRecordings(recording).GetStreamingResponseAsync("Hi", cancellationToken: Token)
        )
        {
            if (update.Text == "b")
                break;
        }

        Assert.Empty(_room.Files);
        Assert.Equal(1, recording.Statistics.Left);
    }

    [Fact]
    public async Task StreamAndAnswer_OfOneRequest_AreTwoRecordings()
    {
        using var model = new FakeChatClient { Streams = _ => Updates("streamed") };
        using var recording = _room.Open(RecordingMode.Record);
        using var client = model.UseRecordings(recording);

        await client.GetResponseAsync("Hi", cancellationToken: Token);
        await ListAsync(client.GetStreamingResponseAsync("Hi", cancellationToken: Token));

        Assert.Equal(2, _room.Files.Count);
    }

    private static async Task<(List<string> Texts, Exception? Failure)> CollectAsync(IChatClient client)
    {
        List<string> texts = [];
        var failure = await Record.ExceptionAsync(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync("Hi", cancellationToken: Token))
                texts.Add(update.Text);
        });
        return (texts, failure);
    }

    private static ChatResponseUpdate[] Updates(params string[] texts) =>
        [
            .. texts.Select(
                (text, i) =>
                    new ChatResponseUpdate(i == 0 ? ChatRole.Assistant : null, text)
                    {
                        ResponseId = "r1",
                        FinishReason = i == texts.Length - 1 ? ChatFinishReason.Stop : null,
                    }
            ),
        ];

    private static async Task<List<ChatResponseUpdate>> ListAsync(IAsyncEnumerable<ChatResponseUpdate> updates)
    {
        List<ChatResponseUpdate> all = [];
        await foreach (var update in updates)
            all.Add(update);
        return all;
    }
}
