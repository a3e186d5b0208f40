using Larder.Passes.Keys;

namespace Larder.Passes.Running;

/// <summary>A pass or an evaluation that is ready to have its key made.</summary>
/// <param name="Name">What the workflow calls it.</param>
/// <param name="Type">The kind of pass or evaluation.</param>
/// <param name="Version">Its version.</param>
/// <param name="Path">Where its options stand in the workflow.</param>
/// <param name="Facts">What its answer depends on.</param>
/// <param name="Files">The files of its options.</param>
internal sealed record PlannedStep(string Name, string Type, int Version, string Path, StepFacts Facts, StepFiles Files)
{
    /// <summary>As messages call it.</summary>
    public override string ToString() => Name == Type ? $"'{Name}'" : $"'{Name}' ({Type})";
}
