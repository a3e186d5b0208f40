using Larder.Recordings.Hosting;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI;

/// <summary>Registered chat clients and embedding generators whose answers are recorded.</summary>
public static class RecordedClientServices
{
    /// <summary>Records or replays the chat clients that are registered already; live, they stay as they are.</summary>
    /// <remarks>In replay they are never made, and what they need need not be registered.</remarks>
    /// <param name="builder">The recordings.</param>
    /// <param name="deployment">What the client is called and configured with, such as its model.</param>
    /// <param name="metadata">What to tell of the client without making it; null for nothing in replay.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static RecordingsBuilder RecordChatClient(
        this RecordingsBuilder builder,
        Deployment deployment,
        ChatClientMetadata? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(deployment);
        return builder.Replace<IChatClient>(
            client => new RecordedChatClient(
                client.Recordings,
                client.Source,
                client.Of(deployment),
                metadata,
                client.Class is null ? [] : [client.Class.Assembly]
            ),
            isNamed: true
        );
    }

    /// <summary>The same of generators of embeddings.</summary>
    /// <typeparam name="TInput">What embeddings are made of.</typeparam>
    /// <typeparam name="TEmbedding">What they make.</typeparam>
    /// <param name="builder">The recordings.</param>
    /// <param name="deployment">What the generator is called and configured with, such as its model.</param>
    /// <param name="metadata">What to tell of the generator without making it; null for nothing in replay.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static RecordingsBuilder RecordEmbeddingGenerator<TInput, TEmbedding>(
        this RecordingsBuilder builder,
        Deployment deployment,
        EmbeddingGeneratorMetadata? metadata = null
    )
        where TEmbedding : Embedding
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(deployment);
        return builder.Replace<IEmbeddingGenerator<TInput, TEmbedding>>(
            generator => new RecordedEmbeddingGenerator<TInput, TEmbedding>(
                generator.Recordings,
                generator.Source,
                generator.Of(deployment),
                metadata,
                generator.Class is null ? [] : [generator.Class.Assembly]
            ),
            isNamed: true
        );
    }
}
