using System.Text.Json;

namespace Larder.Diffusion.Presets;

/// <summary>The rule for one option: its name, what it can be, how it is read.</summary>
internal abstract class OptionRule(string name, string range, string about)
{
    public string Name { get; } = name;

    public string Range { get; } = range;

    public string About { get; } = about;

    /// <summary>Whether it says how the models are made, and nothing of the graph that they run in.</summary>
    public bool IsOfModels { get; init; }

    /// <summary>The value that was given; null if none was.</summary>
    public abstract object? Of(PresetOptions options);

    /// <summary>Whether the value can be.</summary>
    public abstract bool IsWithin(object value);

    /// <summary>Sets the value; null if it is of another type.</summary>
    public abstract PresetOptions? Read(PresetOptions options, JsonElement value);
}
