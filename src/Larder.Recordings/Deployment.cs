namespace Larder.Recordings;

/// <summary>What answers calls: which service, configured how, with which models. All of it is part of every request.</summary>
/// <param name="Name">1 to 200 characters, such as the full name of a class.</param>
public sealed record Deployment(string Name)
{
    /// <summary>What the service is configured with, an object or a <c>JsonNode</c>; null when it has nothing to configure.</summary>
    public object? Configuration { get; init; }

    /// <summary>The versions of the models that it runs, known without them.</summary>
    public IReadOnlyList<ModelPin> Models { get; init; } = [];
}
