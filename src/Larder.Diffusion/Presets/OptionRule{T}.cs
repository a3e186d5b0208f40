using System.Text.Json;

namespace Larder.Diffusion.Presets;

/// <summary>The rule for one option of a type.</summary>
/// <typeparam name="T">The type of its values.</typeparam>
internal sealed class OptionRule<T>(string name, string range, string about) : OptionRule(name, range, about)
    where T : notnull
{
    public required Func<PresetOptions, object?> Get { get; init; }

    public required Func<PresetOptions, T, PresetOptions> Set { get; init; }

    public required Func<T, bool> Accepts { get; init; }

    /// <summary>Reads a value; false if it is of another type.</summary>
    public required OptionReader<T> Reader { get; init; }

    public override object? Of(PresetOptions options) => Get(options);

    public override bool IsWithin(object value) => Accepts((T)value);

    public override PresetOptions? Read(PresetOptions options, JsonElement value) =>
        Reader(value, out var read) ? Set(options, read) : null;
}
