using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Json;

/// <summary>Generated embeddings as they are recorded: the library's own JSON of them is a list, without what was used.</summary>
internal sealed class RecordedEmbeddings<TEmbedding>
    where TEmbedding : Embedding
{
    public required IReadOnlyList<TEmbedding> Embeddings { get; init; }

    public UsageDetails? Usage { get; init; }

    public AdditionalPropertiesDictionary? AdditionalProperties { get; init; }

    public static RecordedEmbeddings<TEmbedding> Of(GeneratedEmbeddings<TEmbedding> generated) =>
        new()
        {
            Embeddings = [.. generated],
            Usage = generated.Usage,
            AdditionalProperties = generated.AdditionalProperties,
        };

    public GeneratedEmbeddings<TEmbedding> ToGenerated() =>
        new(Embeddings) { Usage = Usage, AdditionalProperties = AdditionalProperties };
}
