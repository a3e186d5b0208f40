using System.Text.RegularExpressions;
using Larder.Recordings.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Larder.Recordings.AI.Tests.Page;

/// <summary>What <c>docs/recordings.md</c> shows, compiled.</summary>
internal static class Snippets
{
    public static ISentiment ByHand(Recordings recordings, string modelDirectory)
    {
        var sentiment = recordings.Wrap<ISentiment>(() => new OnnxSentiment(modelDirectory), OnnxSentiment.Deployment);
        return sentiment;
    }

    public static void Registered(ServiceCollection services)
    {
        services.AddSingleton<ISentiment, OnnxSentiment>();
        services.AddRecordings(RecordingsOptions.Beside()).Record<ISentiment>(OnnxSentiment.Deployment);
    }

    public static async Task<string> ExplicitlyAsync(
        Recordings recordings,
        string text,
        CancellationToken cancellationToken
    )
    {
        var call = new RecordedCall(OnnxSentiment.Deployment, "summarise").With("text", text).With("words", 20);
        var summary = await recordings.GetOrRecordAsync(
            call,
            token => SummariseAsync(text, 20, token),
            cancellationToken
        );
        return summary;
    }

    public static void Clients(
        Recordings recordings,
        IChatClient client,
        IEmbeddingGenerator<string, Embedding<float>> generator
    )
    {
        IChatClient recorded = client.UseRecordings(recordings);
        IEmbeddingGenerator<string, Embedding<float>> embeddings = generator.UseRecordings(recordings);
        GC.KeepAlive((recorded, embeddings));
    }

    public static IChatClient MadeLater(Recordings recordings)
    {
        var made = recordings.WrapChatClient(
            () => new ModelClient(Environment.GetEnvironmentVariable("API_KEY")!),
            new Deployment("assistant") { Configuration = new { Model = "some-model" } }
        );
        return made;
    }

    public static void RegisteredClient(ServiceCollection services)
    {
        services.AddSingleton<IChatClient>(_ => new ModelClient(Environment.GetEnvironmentVariable("API_KEY")!));
        services.AddRecordings(RecordingsOptions.Beside()).RecordChatClient(new Deployment("assistant"));
    }

    public static void Secrets(RecordingsOptions options)
    {
#pragma warning disable MA0009 // A pattern without a loop.
        options.Redaction.Names.Add("door_code");
        options.Redaction.Patterns.Add(new Regex(@"CUST-(?<secret>\d{8})"));
        options.Redaction.Secrets.Add(Environment.GetEnvironmentVariable("MODEL_PASSWORD") ?? "");
#pragma warning restore MA0009
    }

    private static Task<string> SummariseAsync(string text, int words, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<string>(cancellationToken)
            : Task.FromResult(string.Join(' ', text.Split(' ').Take(words)));

    private sealed class ModelClient(string key) : DelegatingChatClient(FakeChatClient.NeverAsked())
    {
        public override string ToString() => key.Length == 0 ? "no key" : "a key";
    }
}
