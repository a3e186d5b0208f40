using Larder.Content;

namespace Larder.Diffusion.Scheduling;

/// <summary>The failure of a schedule that cannot be made.</summary>
internal static class ScheduleFaults
{
    public static DiffusionException Of(string name, IReadOnlyList<DiffusionFault> faults) =>
        new($"The schedule '{Printable.Escape(name)}' cannot be made", faults);
}
