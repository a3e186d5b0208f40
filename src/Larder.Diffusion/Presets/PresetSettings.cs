using System.Globalization;
using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Diffusion.Presets;

/// <summary>The values of a preset's options: those that were given, else the defaults.</summary>
internal sealed class PresetSettings
{
    private readonly Dictionary<OptionRule, object?> _values = [];
    private readonly HashSet<OptionRule> _given = [];

    /// <summary>Takes what was given, and notes all that is wrong with it; then the default stands in its place.</summary>
    public PresetSettings(PresetDefaults defaults, PresetOptions options, List<DiffusionFault> faults)
    {
        string[] names = [.. defaults.Rules.Select(rule => rule.Name)];
        foreach (var rule in OptionRules.All)
        {
            if (rule.Of(options) is not null && !names.Contains(rule.Name, StringComparer.Ordinal))
                faults.Add(OptionFaults.Unknown(rule.Name, names));
        }
        foreach (var rule in defaults.Rules)
        {
            defaults.TryGet(rule, out var value);
            if (rule.Of(options) is { } given)
            {
                if (rule.IsWithin(given))
                {
                    value = given;
                    _given.Add(rule);
                }
                else
                {
                    faults.Add(new DiffusionFault(rule.Name, $"It is {Show(given)}; it can be {rule.Range}."));
                }
            }
            _values.Add(rule, value);
        }
    }

    /// <summary>Whether the preset has the option.</summary>
    public bool Has(OptionRule rule) => _values.ContainsKey(rule);

    /// <summary>Whether it was given, and makes sense.</summary>
    public bool IsGiven(OptionRule rule) => _given.Contains(rule);

    /// <summary>The value of an option that has a default.</summary>
    public T Get<T>(OptionRule<T> rule)
        where T : notnull => (T)_values[rule]!;

    /// <summary>The value of an option, or what comes of other things.</summary>
    public T Get<T>(OptionRule<T> rule, T otherwise)
        where T : notnull => _values[rule] is T value ? value : otherwise;

    /// <summary>The value of an option as JSON.</summary>
    public JsonNode ToJson(OptionRule rule) =>
        _values[rule] switch
        {
            bool flag => flag,
            int whole => whole,
            double number => number,
            string text => text,
            _ => throw new InvalidOperationException($"The option '{rule.Name}' has no value that JSON knows."),
        };

    private static string Show(object value) =>
        Printable.Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
}
