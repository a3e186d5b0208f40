using Larder.Content;

namespace Larder.Server.Dashboard.Chains;

/// <summary>Results of passes, each made from the one before.</summary>
/// <param name="Reference">The model that the first was made from.</param>
/// <param name="Input">That model's version; null where nobody here has seen it.</param>
/// <param name="Steps">The results, the first pass first.</param>
internal sealed record PassChain(string Reference, Digest? Input, IReadOnlyList<PassStep> Steps)
{
    /// <summary>Whether a result in the middle is no longer stored, so that the chain begins later than its workflow.</summary>
    public bool IsBroken { get; init; }

    public DateTimeOffset LastUsed => Steps.Max(step => step.LastUsed);
}
