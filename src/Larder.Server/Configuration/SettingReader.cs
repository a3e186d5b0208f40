using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Larder.Server.Configuration;

/// <summary>Reads one section strictly: every name that nobody asked for is a fault, and all faults are collected.</summary>
internal sealed class SettingReader(IConfiguration section, List<string> faults, List<string> warnings)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names that the section has.</summary>
    public IEnumerable<string> Names => section.GetChildren().Select(child => child.Key);

    private string Prefix => section is IConfigurationSection { Path: var path } ? path.Replace(':', '.') + "." : "";

    /// <summary>A section within this one, empty when it is not there.</summary>
    public SettingReader Section(string name)
    {
        _known.Add(name);
        var child = section.GetSection(name);
        if (child.Value is { Length: > 0 } value)
            Fault(name, $"is the value '{value}'; a section with names and values is expected.");
        return new SettingReader(child, faults, warnings);
    }

    /// <summary>Whether there is a single value where a section or a list may be.</summary>
    public bool IsValue(string name)
    {
        _known.Add(name);
        return section.GetSection(name).Value is { Length: > 0 };
    }

    /// <summary>A text; null when it is not there.</summary>
    public string? Text(string name)
    {
        _known.Add(name);
        var child = section.GetSection(name);
        if (child.Value is null && child.GetChildren().Any())
            Fault(name, "is a section or a list; a single value is expected.");
        return child.Value;
    }

    /// <summary>A list of texts; empty when it is not there.</summary>
    public IReadOnlyList<string> List(string name)
    {
        _known.Add(name);
        var child = section.GetSection(name);
        // An empty list is an empty text here.
        if (child.Value is { Length: > 0 } value)
            Fault(name, $"is the value '{value}'; a list is expected.");
        var items = new List<string>();
        foreach (var item in child.GetChildren())
        {
            if (
                item.Value is { } text
                && int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            )
                items.Add(text);
            else
                Fault(name, $"has '{item.Key}', which is no text of a list.");
        }
        return items;
    }

    /// <summary>A whole number of <paramref name="least"/> or more.</summary>
    public int Whole(string name, int fallback, int least)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= least)
            return number;
        Fault(
            name,
            string.Create(CultureInfo.InvariantCulture, $"is '{text}'; a whole number of {least} or more is expected.")
        );
        return fallback;
    }

    /// <summary>True or false.</summary>
    public bool Flag(string name, bool fallback)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (bool.TryParse(text, out var flag))
            return flag;
        Fault(name, $"is '{text}'; true or false is expected.");
        return fallback;
    }

    /// <summary>A length of time such as <c>5 min</c>.</summary>
    public TimeSpan Duration(string name, TimeSpan fallback)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (Configuration.Duration.TryParse(text, out var duration))
            return duration;
        Fault(name, $"is '{text}'; a time such as '30 s', '5 min', '12 h' or '7 d' is expected.");
        return fallback;
    }

    /// <summary>A size such as <c>50 GB</c>; null when it is not there.</summary>
    public long? Bytes(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (DataSize.TryParse(text, out var bytes))
            return bytes;
        Fault(name, $"is '{text}'; a number of bytes or a size such as '500 MB', '50 GB' or '1 TiB' is expected.");
        return null;
    }

    /// <summary>A share of a whole, above 0 and up to 1.</summary>
    public double Share(string name, double fallback)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
            && share is > 0 and <= 1
        )
            return share;
        Fault(name, $"is '{text}'; a number above 0 and up to 1 is expected.");
        return fallback;
    }

    /// <summary>One of some names.</summary>
    public string Choice(string name, IReadOnlyList<string> choices, string fallback)
    {
        if (Text(name) is not { } text)
            return fallback;
        if (choices.Contains(text, StringComparer.Ordinal))
            return text;
        Fault(name, $"is '{text}'; {string.Join(", ", choices)} are possible.");
        return fallback;
    }

    /// <summary>One of the names of an enumeration, in lower case.</summary>
    public TEnum Choice<TEnum>(string name, TEnum fallback)
        where TEnum : struct, Enum
    {
        if (Text(name) is not { } text)
            return fallback;
        var names = Enum.GetNames<TEnum>().Select(choice => choice.ToLowerInvariant()).ToList();
        if (names.Contains(text, StringComparer.Ordinal))
            return Enum.Parse<TEnum>(text, ignoreCase: true);
        Fault(name, $"is '{text}'; {string.Join(", ", names)} are possible.");
        return fallback;
    }

    /// <summary>Says something of a setting that can be used as it is.</summary>
    public void Warn(string name, string message) => warnings.Add($"{Prefix}{name} {message}");

    /// <summary>Adds a fault of a setting.</summary>
    public void Fault(string name, string message) => faults.Add($"{Prefix}{name} {message}");

    /// <summary>Makes every name that nobody asked for a fault, with the nearest known one.</summary>
    public void FindUnknown()
    {
        foreach (var name in Names.Where(name => !_known.Contains(name)))
        {
            var nearest = NearestName.Of(name, _known);
            Fault(
                name,
                nearest is null
                    ? $"is unknown. Known are: {string.Join(", ", _known.Order(StringComparer.Ordinal))}."
                    : $"is unknown. Did you mean '{nearest}'?"
            );
        }
    }
}
