using System.Reflection;
using System.Text.Json.Nodes;
using Larder.Recordings.AI.Json;
using Larder.Recordings.Proxies;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI.Requests;

/// <summary>Makes calls of what generators of embeddings are asked.</summary>
internal static class EmbeddingRequest
{
    /// <summary>The call of a method with these values.</summary>
    /// <exception cref="NotRecordableException">Two requests that differ could not be told apart.</exception>
    public static RecordedCall Of<TInput>(
        Deployment deployment,
        string method,
        IReadOnlyList<TInput> values,
        EmbeddingGenerationOptions? options,
        IReadOnlyCollection<Assembly> known,
        ServiceSource source
    )
    {
        const string place = "$.arguments.options";
        RawOptions.Refuse(options?.RawRepresentationFactory, place);
        var parts = new ClientParts([], []);
        var call = new RecordedCall(deployment, method)
        {
            Known = known,
            Source = source,
            Compared = AnswerMarks.LeaveOut,
        }.With("options", options is null ? [] : ClientJson.WriteRequest<object>(options, place, parts));
        // The library's JSON knows its own contents; what else there is the core writes, or refuses.
        return typeof(AIContent).IsAssignableFrom(typeof(TInput))
            ? parts.AddTo(call.With("values", ContentsOf(values, parts)))
            : call.With("values", values);
    }

    private static JsonArray ContentsOf<TInput>(IReadOnlyList<TInput> values, ClientParts parts)
    {
        var written = new JsonArray();
        for (var i = 0; i < values.Count; i++)
            written.Add(ClientJson.WriteRequest((AIContent)(object)values[i]!, $"$.arguments.values[{i}]", parts));
        return written;
    }
}
