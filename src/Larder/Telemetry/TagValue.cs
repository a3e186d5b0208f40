using System.Text.Json;

namespace Larder.Telemetry;

/// <summary>Values of tags: few, in lower case, words joined by '_'.</summary>
internal static class TagValue
{
    /// <summary>A member of an enumeration, such as <c>memory_pressure</c>.</summary>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => Names<TEnum>.All.TryGetValue(value, out var name) ? name : "other";

    private static class Names<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> All = Enum.GetValues<TEnum>()
            .Distinct()
            .ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));
    }
}
