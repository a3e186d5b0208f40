using System.Reflection;
using System.Runtime.CompilerServices;
using Larder.Recordings.AI.Json;
using Larder.Recordings.AI.Requests;
using Larder.Recordings.Proxies;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI;

/// <summary>A chat client whose answers are recorded or replayed.</summary>
/// <param name="recordings">What becomes of calls.</param>
/// <param name="source">The client behind it.</param>
/// <param name="deployment">What answers.</param>
/// <param name="metadata">What to tell of the client in place of asking it; null for asking it.</param>
/// <param name="known">The assemblies whose exceptions come back as themselves.</param>
internal sealed class RecordedChatClient(
    Recordings recordings,
    ServiceSource source,
    Deployment deployment,
    ChatClientMetadata? metadata,
    IReadOnlyCollection<Assembly> known
) : IChatClient
{
    private IChatClient Client => (IChatClient)source.Service;

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        IReadOnlyList<ChatMessage> given = Given(messages);
        var answer = await recordings
            .GetOrRecordAsync(
                ChatRequest.Of(deployment, nameof(GetResponseAsync), given, options, known, source),
                async token =>
                    ClientAnswer.Of(await Client.GetResponseAsync(given, options, token).ConfigureAwait(false)),
                cancellationToken
            )
            .ConfigureAwait(false);
        return answer.Read();
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        IReadOnlyList<ChatMessage> given = Given(messages);
        return ReadAsync(
            recordings.StreamAsync(
                ChatRequest.Of(deployment, nameof(GetStreamingResponseAsync), given, options, known, source),
                token => WriteAsync(Client.GetStreamingResponseAsync(given, options, token), token),
                cancellationToken
            ),
            cancellationToken
        );
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is null && serviceType.IsInstanceOfType(this))
            return this;
        if (serviceKey is null && serviceType.IsInstanceOfType(metadata))
            return metadata;
        // In replay a question does not make the client either.
        return source.IsMade || recordings.Mode is not RecordingMode.Replay
            ? Client.GetService(serviceType, serviceKey)
            : null;
    }

    public void Dispose() => source.Dispose();

    // Read once: a sequence may give other messages, or none, the second time.
    private static List<ChatMessage> Given(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return [.. messages];
    }

    private static async IAsyncEnumerable<ClientAnswer<ChatResponseUpdate>> WriteAsync(
        IAsyncEnumerable<ChatResponseUpdate> updates,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var update in updates.WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return ClientAnswer.Of(update);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(
        IAsyncEnumerable<ClientAnswer<ChatResponseUpdate>> answers,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var answer in answers.WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return answer.Read();
    }
}
