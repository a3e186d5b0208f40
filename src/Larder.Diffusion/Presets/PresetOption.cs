namespace Larder.Diffusion.Presets;

/// <summary>An option of a preset, in words.</summary>
/// <param name="Name">The name.</param>
/// <param name="Default">What it is where nobody says.</param>
/// <param name="Range">What it can be.</param>
/// <param name="About">What it does.</param>
public sealed record PresetOption(string Name, string Default, string Range, string About);
