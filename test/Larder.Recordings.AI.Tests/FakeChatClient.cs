using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Tests;

/// <summary>A model that the test speaks for.</summary>
internal sealed class FakeChatClient : IChatClient
{
    private int _calls;

    public Func<IReadOnlyList<ChatMessage>, ChatResponse> Answers { get; init; } =
        messages => new ChatResponse(new ChatMessage(ChatRole.Assistant, $"echo {messages[^1].Text}"));

    public Func<IReadOnlyList<ChatMessage>, IEnumerable<ChatResponseUpdate>> Streams { get; init; } = _ => [];

    public ChatClientMetadata? Metadata { get; init; }

    public int Calls => _calls;

    public int Disposals { get; private set; }

    /// <summary>A model in a test where none may be asked.</summary>
    public static FakeChatClient NeverAsked() =>
        new()
        {
            Answers = _ => throw new InvalidOperationException("The model was asked."),
            Streams = _ => throw new InvalidOperationException("The model was asked."),
        };

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        Interlocked.Increment(ref _calls);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Answers([.. messages]));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        Interlocked.Increment(ref _calls);
        foreach (var update in Streams([.. messages]))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType.IsInstanceOfType(this) ? this
        : serviceType == typeof(ChatClientMetadata) ? Metadata
        : null;

    public void Dispose() => Disposals++;
}
