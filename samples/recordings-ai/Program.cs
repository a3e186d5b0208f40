using Larder.Recordings;
using Larder.Recordings.AI;
using Microsoft.Extensions.AI;

// Replayed where USE_DEPLOYMENT_CACHE=true, recorded where SAVE_DEPLOYMENT_CACHE=true, passed through otherwise.
var recordings = new Recordings(new RecordingsOptions { Directory = "artifacts/sample-recordings" });
using IChatClient client = new EchoClient().UseRecordings(recordings);

var response = await client.GetResponseAsync("What is a larder?");
Console.WriteLine(response.Text);

/// <summary>Stands for a client that costs money or a GPU.</summary>
internal sealed class EchoClient : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, $"You asked: {messages.Last().Text}")));

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException("This sample does not stream.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}
