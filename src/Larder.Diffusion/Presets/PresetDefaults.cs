namespace Larder.Diffusion.Presets;

/// <summary>The options that a preset has, in the order in which they are shown, with their defaults.</summary>
internal sealed class PresetDefaults
{
    private readonly List<(OptionRule Rule, object? Default, string Text)> _options = [];

    public IEnumerable<OptionRule> Rules => _options.Select(option => option.Rule);

    public IEnumerable<PresetOption> Described =>
        _options.Select(option => new PresetOption(
            option.Rule.Name,
            option.Text,
            option.Rule.Range,
            option.Rule.About
        ));

    public PresetDefaults Add<T>(OptionRule<T> rule, T value)
        where T : notnull =>
        Add(rule, value, value is bool flag ? (flag ? "true" : "false") : FormattableString.Invariant($"{value}"));

    /// <summary>Adds an option whose default comes of other things.</summary>
    public PresetDefaults AddDerived<T>(OptionRule<T> rule, string text)
        where T : notnull => Add(rule, value: null, text);

    public bool TryGet(OptionRule rule, out object? value)
    {
        var place = _options.FindIndex(option => ReferenceEquals(option.Rule, rule));
        value = place < 0 ? null : _options[place].Default;
        return place >= 0;
    }

    private PresetDefaults Add(OptionRule rule, object? value, string text)
    {
        _options.Add((rule, value, text));
        return this;
    }
}
