namespace Larder.Diffusion.Nodes;

/// <summary>The failure of a node that was given what makes no sense.</summary>
internal static class NodeFaults
{
    public static DiffusionException Of(string node, params IReadOnlyList<DiffusionFault> faults) =>
        new($"'{node}' cannot work on what it was given", faults);

    public static DiffusionException Of(string node, string subject, FormattableString message) =>
        Of(node, new DiffusionFault(subject, FormattableString.Invariant(message)));
}
