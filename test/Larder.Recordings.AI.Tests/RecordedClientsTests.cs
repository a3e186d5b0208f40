using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Tests;

public sealed class RecordedClientsTests : IDisposable
{
    private static readonly Deployment Model = new("some-model") { Configuration = new { Size = "small" } };

    private readonly RecordingsRoom _room = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _room.Dispose();

    [Fact]
    public void Live_Client_IsTheVeryOne()
    {
        using var recordings = _room.Open(RecordingMode.Live);
        using var model = new FakeChatClient();
        using var generator = new FakeEmbeddingGenerator<string>(text => [text.Length]);

        Assert.Same(model, model.UseRecordings(recordings));
        Assert.Same(model, recordings.WrapChatClient(() => model, Model));
        Assert.Same(generator, generator.UseRecordings(recordings));
        Assert.Same(generator, recordings.WrapEmbeddingGenerator(() => generator, Model));
    }

    [Fact]
    public async Task Replay_ClientThatIsMadeLater_IsNeverMade()
    {
        using (var recording = _room.Open(RecordingMode.Record))
        using (var client = recording.WrapChatClient(() => new FakeChatClient(), Model))
            await client.GetResponseAsync("Hello", cancellationToken: Token);
        using var recordings = _room.Open(RecordingMode.Replay);
        var metadata = new ChatClientMetadata("some provider", defaultModelId: "some-model");
        using var replayed = recordings.WrapChatClient(Never<IChatClient>, Model, metadata);

        Assert.Equal("echo Hello", (await replayed.GetResponseAsync("Hello", cancellationToken: Token)).Text);
        Assert.Same(metadata, replayed.GetService<ChatClientMetadata>());
        Assert.Same(replayed, replayed.GetService<IChatClient>());
        Assert.Null(replayed.GetService<FakeChatClient>());
        Assert.Null(replayed.GetService(typeof(ChatClientMetadata), "some key"));
    }

    [Fact]
    public async Task Recording_ClientThatIsMadeLater_IsMadeOnceAndDisposed()
    {
        using var recording = _room.Open(RecordingMode.Record);
        using var model = new FakeChatClient { Metadata = new ChatClientMetadata("some provider") };
        var made = 0;
        var client = recording.WrapChatClient(
            () =>
            {
                made++;
                return model;
            },
            Model
        );

        Assert.Equal(0, made);
        await client.GetResponseAsync("one", cancellationToken: Token);
        await client.GetResponseAsync("two", cancellationToken: Token);
        Assert.Same(model.Metadata, client.GetService<ChatClientMetadata>());
        Assert.Same(model, client.GetService<FakeChatClient>());
        client.Dispose();

        Assert.Equal(1, made);
        Assert.Equal(1, model.Disposals);
    }

    [Fact]
    public void Dispose_OfClientThatWasNeverMade_MakesNone()
    {
        using var recording = _room.Open(RecordingMode.Record);

        recording.WrapChatClient(Never<IChatClient>, Model).Dispose();
        recording.WrapEmbeddingGenerator(Never<IEmbeddingGenerator<string, Embedding<float>>>, Model).Dispose();
    }

    [Fact]
    public async Task Deployment_ThatNobodyNamed_IsTheClientWithItsModel()
    {
        using var small = new FakeChatClient
        {
            Metadata = new ChatClientMetadata(
                "some provider",
                new Uri("https://user:word@api.example.org/v1?key=larder"),
                "small"
            ),
        };
        using var large = new FakeChatClient { Metadata = new ChatClientMetadata("some provider", null, "large") };
        using (var recording = _room.Open(RecordingMode.Record))
            await small.UseRecordings(recording).GetResponseAsync("Hello", cancellationToken: Token);
        Assert.Contains("\"Larder.Recordings.AI.Tests.FakeChatClient\"", _room.Text, StringComparison.Ordinal);
        Assert.Contains("\"https://api.example.org/v1\"", _room.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("word", _room.Text, StringComparison.Ordinal);
        using var recordings = _room.Open(RecordingMode.Replay);

        await small.UseRecordings(recordings).GetResponseAsync("Hello", cancellationToken: Token);
        await Assert.ThrowsAsync<RecordingMissingException>(() =>
            large.UseRecordings(recordings).GetResponseAsync("Hello", cancellationToken: Token)
        );
    }

    private static T Never<T>() => throw new InvalidOperationException("It was made.");
}
