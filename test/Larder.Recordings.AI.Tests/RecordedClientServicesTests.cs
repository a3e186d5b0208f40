using Larder.Recordings.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Recordings.AI.Tests;

public sealed class RecordedClientServicesTests : IDisposable
{
    private static readonly Deployment Model = new("some-model");

    private readonly RecordingsRoom _room = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task Replay_RegisteredClients_AreNeverMade()
    {
        using (var recording = _room.Open(RecordingMode.Record))
        {
            using var model = new FakeChatClient();
            using var generator = new FakeEmbeddingGenerator<string>(_ => [0.5f]);
            await using var live = Services(recording, _ => model, _ => generator);
            await live.GetRequiredService<IChatClient>().GetResponseAsync("Hello", cancellationToken: Token);
            await live.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>()
                .GenerateAsync(["a"], cancellationToken: Token);
            await live.DisposeAsync();
            Assert.Equal((1, 1), (model.Disposals, generator.Disposals));
        }
        using var recordings = _room.Open(RecordingMode.Replay);
        await using var replayed = Services(
            recordings,
            _ => throw new InvalidOperationException("The client was made."),
            _ => throw new InvalidOperationException("The generator was made.")
        );

        var client = replayed.GetRequiredService<IChatClient>();
        Assert.Equal("echo Hello", (await client.GetResponseAsync("Hello", cancellationToken: Token)).Text);
        Assert.Equal("some provider", client.GetService<ChatClientMetadata>()!.ProviderName);
        var embeddings = await replayed
            .GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>()
            .GenerateAsync(["a"], cancellationToken: Token);
        Assert.Equal([0.5f], embeddings[0].Vector.ToArray());
    }

    [Fact]
    public void Live_RegisteredClient_IsTheVeryOne()
    {
        using var recordings = _room.Open(RecordingMode.Live);
        using var model = new FakeChatClient();
        using var services = Services(recordings, _ => model, _ => new FakeEmbeddingGenerator<string>(_ => []));

        Assert.Same(model, services.GetRequiredService<IChatClient>());
    }

    [Fact]
    public void NoClientRegistered_IsSaid()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        var builder = new ServiceCollection().AddRecordings(recordings);

        var refusal = Assert.Throws<InvalidOperationException>(() => builder.RecordChatClient(Model));

        Assert.Contains(nameof(IChatClient), refusal.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(
        Recordings recordings,
        Func<IServiceProvider, IChatClient> client,
        Func<IServiceProvider, IEmbeddingGenerator<string, Embedding<float>>> generator
    )
    {
        var services = new ServiceCollection().AddSingleton(client).AddSingleton(generator);
        services
            .AddRecordings(recordings)
            .RecordChatClient(Model, new ChatClientMetadata("some provider"))
            .RecordEmbeddingGenerator<string, Embedding<float>>(Model);
        return services.BuildServiceProvider();
    }
}
