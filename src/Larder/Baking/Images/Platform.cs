using System.Text.Json.Nodes;

namespace Larder.Baking.Images;

/// <summary>What an image runs on.</summary>
/// <param name="System">The operating system.</param>
/// <param name="Architecture">The processor, in Go's words: <c>amd64</c>, <c>arm64</c>.</param>
/// <param name="Variant">The processor's variant; null for whichever.</param>
internal sealed record Platform(string System, string Architecture, string? Variant)
{
    public static readonly Platform Default = new("linux", "amd64", null);

    /// <summary>Reads <c>linux/arm64</c> or <c>linux/arm/v7</c>.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static Platform Parse(string text, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        return text.Split('/') switch
        {
            [{ Length: > 0 } system, { Length: > 0 } architecture] => new Platform(system, architecture, null),
            [{ Length: > 0 } system, { Length: > 0 } architecture, { Length: > 0 } variant] => new Platform(
                system,
                architecture,
                variant
            ),
            _ => throw new ArgumentException(
                $"'{text}' is no platform: a system and a processor, such as linux/amd64.",
                parameter
            ),
        };
    }

    /// <summary>The platform that a document names; null where it names none.</summary>
    public static Platform? Of(JsonNode? document) =>
        document?["os"]?.GetValue<string>() is { Length: > 0 } system
        && document["architecture"]?.GetValue<string>() is { Length: > 0 } architecture
            ? new Platform(
                system,
                architecture,
                document["variant"]?.GetValue<string>() is { Length: > 0 } v ? v : null
            )
            : null;

    /// <summary>Whether what is for that platform is for this.</summary>
    public bool Accepts(Platform other) =>
        System == other.System && Architecture == other.Architecture && (Variant is null || Variant == other.Variant);

    public override string ToString() =>
        Variant is null ? $"{System}/{Architecture}" : $"{System}/{Architecture}/{Variant}";
}
