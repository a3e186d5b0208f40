using Larder.Content;

namespace Larder.Diffusion.Presets;

/// <summary>What is wrong with options, in words.</summary>
internal static class OptionFaults
{
    public static DiffusionFault Unknown(string name, IReadOnlyCollection<string> known) =>
        new(Printable.Escape(name), $"The preset has no such option. {NameChoice.Suggest(name, known)}");
}
