using Larder.Recordings.Proxies;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI;

/// <summary>Chat clients and embedding generators whose answers are recorded.</summary>
/// <remarks>
/// What a client answers comes back with every member but <c>RawRepresentation</c>, which holds objects of the client's own. Put
/// the recorded client below function invocation: tools then run in replay too. In a pipeline of clients write
/// <c>builder.Use(inner => inner.UseRecordings(recordings))</c>.
/// </remarks>
public static class RecordedClients
{
    /// <summary>Records or replays a chat client; live, it gives back the very client.</summary>
    /// <param name="client">The client; what comes back disposes it.</param>
    /// <param name="recordings">Where recordings lie, and what becomes of calls.</param>
    /// <param name="deployment">
    /// What it is called and configured with; null for its class's full name, and for its provider, endpoint and model.
    /// </param>
    public static IChatClient UseRecordings(
        this IChatClient client,
        Recordings recordings,
        Deployment? deployment = null
    )
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(recordings);
        return recordings.Mode is RecordingMode.Live
            ? client
            : new RecordedChatClient(
                recordings,
                ServiceSource.Of(client, isOwned: true),
                deployment ?? ClientDeployment.Of(client),
                metadata: null,
                known: [client.GetType().Assembly]
            );
    }

    /// <summary>The same of a client that is made when the first call needs it; in replay never.</summary>
    /// <param name="recordings">Where recordings lie, and what becomes of calls.</param>
    /// <param name="make">Makes the client; live at once.</param>
    /// <param name="deployment">What it is called and configured with, such as its model.</param>
    /// <param name="metadata">What to tell of the client without making it; null for nothing in replay.</param>
    public static IChatClient WrapChatClient(
        this Recordings recordings,
        Func<IChatClient> make,
        Deployment deployment,
        ChatClientMetadata? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(recordings);
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(deployment);
        return recordings.Mode is RecordingMode.Live
            ? make()
            : new RecordedChatClient(
                recordings,
                new ServiceSource(make, isOwned: true),
                deployment,
                metadata,
                [make.Method.Module.Assembly]
            );
    }

    /// <summary>Records or replays a generator of embeddings; live, it gives back the very generator.</summary>
    /// <typeparam name="TInput">What embeddings are made of.</typeparam>
    /// <typeparam name="TEmbedding">What it makes.</typeparam>
    /// <param name="generator">The generator; what comes back disposes it.</param>
    /// <param name="recordings">Where recordings lie, and what becomes of calls.</param>
    /// <param name="deployment">
    /// What it is called and configured with; null for its class's full name, and for its provider, endpoint, model and dimensions.
    /// </param>
    public static IEmbeddingGenerator<TInput, TEmbedding> UseRecordings<TInput, TEmbedding>(
        this IEmbeddingGenerator<TInput, TEmbedding> generator,
        Recordings recordings,
        Deployment? deployment = null
    )
        where TEmbedding : Embedding
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(recordings);
        return recordings.Mode is RecordingMode.Live
            ? generator
            : new RecordedEmbeddingGenerator<TInput, TEmbedding>(
                recordings,
                ServiceSource.Of(generator, isOwned: true),
                deployment ?? ClientDeployment.Of(generator),
                metadata: null,
                known: [generator.GetType().Assembly]
            );
    }

    /// <summary>The same of a generator that is made when the first call needs it; in replay never.</summary>
    /// <typeparam name="TInput">What embeddings are made of.</typeparam>
    /// <typeparam name="TEmbedding">What it makes.</typeparam>
    /// <param name="recordings">Where recordings lie, and what becomes of calls.</param>
    /// <param name="make">Makes the generator; live at once.</param>
    /// <param name="deployment">What it is called and configured with, such as its model.</param>
    /// <param name="metadata">What to tell of the generator without making it; null for nothing in replay.</param>
    public static IEmbeddingGenerator<TInput, TEmbedding> WrapEmbeddingGenerator<TInput, TEmbedding>(
        this Recordings recordings,
        Func<IEmbeddingGenerator<TInput, TEmbedding>> make,
        Deployment deployment,
        EmbeddingGeneratorMetadata? metadata = null
    )
        where TEmbedding : Embedding
    {
        ArgumentNullException.ThrowIfNull(recordings);
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(deployment);
        return recordings.Mode is RecordingMode.Live
            ? make()
            : new RecordedEmbeddingGenerator<TInput, TEmbedding>(
                recordings,
                new ServiceSource(make, isOwned: true),
                deployment,
                metadata,
                [make.Method.Module.Assembly]
            );
    }
}
