using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Tests;

/// <summary>Embeddings that a test can foretell.</summary>
internal sealed class FakeEmbeddingGenerator<TInput>(Func<TInput, float[]> vectorOf)
    : IEmbeddingGenerator<TInput, Embedding<float>>
{
    public EmbeddingGeneratorMetadata? Metadata { get; init; }

    public int Calls { get; private set; }

    public int Disposals { get; private set; }

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<TInput> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        Calls++;
        return Task.FromResult(
            new GeneratedEmbeddings<Embedding<float>>(
                values.Select(value => new Embedding<float>(vectorOf(value)) { ModelId = options?.ModelId })
            )
            {
                Usage = new UsageDetails { InputTokenCount = 7 },
            }
        );
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType.IsInstanceOfType(this) ? this
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? Metadata
        : null;

    public void Dispose() => Disposals++;
}
