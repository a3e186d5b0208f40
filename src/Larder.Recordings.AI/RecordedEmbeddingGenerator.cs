using System.Reflection;
using Larder.Recordings.AI.Json;
using Larder.Recordings.AI.Requests;
using Larder.Recordings.Proxies;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI;

/// <summary>A generator whose embeddings are recorded or replayed.</summary>
/// <param name="recordings">What becomes of calls.</param>
/// <param name="source">The generator behind it.</param>
/// <param name="deployment">What answers.</param>
/// <param name="metadata">What to tell of the generator in place of asking it; null for asking it.</param>
/// <param name="known">The assemblies whose exceptions come back as themselves.</param>
internal sealed class RecordedEmbeddingGenerator<TInput, TEmbedding>(
    Recordings recordings,
    ServiceSource source,
    Deployment deployment,
    EmbeddingGeneratorMetadata? metadata,
    IReadOnlyCollection<Assembly> known
) : IEmbeddingGenerator<TInput, TEmbedding>
    where TEmbedding : Embedding
{
    private IEmbeddingGenerator<TInput, TEmbedding> Generator =>
        (IEmbeddingGenerator<TInput, TEmbedding>)source.Service;

    public async Task<GeneratedEmbeddings<TEmbedding>> GenerateAsync(
        IEnumerable<TInput> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        IReadOnlyList<TInput> given = [.. values];
        GeneratedEmbeddings<TEmbedding>? made = null;
        var answer = await recordings
            .GetOrRecordAsync(
                EmbeddingRequest.Of(deployment, nameof(GenerateAsync), given, options, known, source),
                async token =>
                {
                    made = await Generator.GenerateAsync(given, options, token).ConfigureAwait(false);
                    return ClientAnswer.Of(RecordedEmbeddings<TEmbedding>.Of(made));
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return made ?? answer.Read().ToGenerated();
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is null && serviceType.IsInstanceOfType(this))
            return this;
        if (serviceKey is null && serviceType.IsInstanceOfType(metadata))
            return metadata;
        // In replay a question does not make the generator either.
        return source.IsMade || recordings.Mode is not RecordingMode.Replay
            ? Generator.GetService(serviceType, serviceKey)
            : null;
    }

    public void Dispose() => source.Dispose();
}
