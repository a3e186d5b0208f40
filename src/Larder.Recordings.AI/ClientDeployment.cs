using System.Text.Json.Nodes;
using Larder.Recordings.Answers;
using Microsoft.Extensions.AI;

namespace Larder.Recordings.AI;

/// <summary>What a client that nobody named is called and configured with, as far as it tells.</summary>
internal static class ClientDeployment
{
    public static Deployment Of(IChatClient client)
    {
        var metadata = client.GetService<ChatClientMetadata>();
        return Of(client, metadata?.ProviderName, metadata?.ProviderUri, metadata?.DefaultModelId);
    }

    public static Deployment Of(IEmbeddingGenerator generator)
    {
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>();
        return Of(
            generator,
            metadata?.ProviderName,
            metadata?.ProviderUri,
            metadata?.DefaultModelId,
            metadata?.DefaultModelDimensions
        );
    }

    private static Deployment Of(object client, string? provider, Uri? endpoint, string? model, int? dimensions = null)
    {
        var configuration = new JsonObject();
        if (provider is not null)
            configuration["provider"] = provider;
        if (endpoint is not null)
            configuration["endpoint"] = WithoutSecrets(endpoint);
        if (model is not null)
            configuration["model"] = model;
        if (dimensions is not null)
            configuration["dimensions"] = dimensions;
        return new Deployment(AnswerForms.NameOf(client.GetType()))
        {
            Configuration = configuration.Count == 0 ? null : configuration,
        };
    }

    private static string WithoutSecrets(Uri endpoint) =>
        endpoint.IsAbsoluteUri
            ? endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : endpoint.OriginalString.Split('?')[0];
}
