using System.Text.Json.Nodes;

namespace Larder.Passes.Documents;

/// <summary>A member of an object in a workflow document.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">One plain sentence for who edits a workflow.</param>
/// <param name="Shape">What it may be.</param>
internal sealed record Member(string Name, string Description, Shape Shape)
{
    /// <summary>Whether it must be there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What holds where it is not; null where nothing does, or it cannot be said in JSON.</summary>
    public JsonNode? Default { get; init; }
}
