using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Graphs.Keys;

/// <summary>Makes a configuration object of the JSON in a key.</summary>
[RequiresUnreferencedCode(ReadsProperties)]
[RequiresDynamicCode(MakesCode)]
internal static class ConfigurationReader
{
    /// <summary>Why none of this is for trimmed programs.</summary>
    public const string ReadsProperties =
        "The public properties of the configuration are read, which trimming may remove; use the untyped GraphKind.";

    /// <summary>Why none of this is for programs compiled ahead of time.</summary>
    public const string MakesCode = "Configurations are made from JSON by reflection; use the untyped GraphKind.";

    // The counterpart of ValueWriter: names, fields, and numbers in strings are read as it writes them.
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        IncludeFields = true,
        Converters = { new JsonStringEnumConverter(), new DigestJsonConverter() },
    };

    public static T Read<T>(string graph, JsonElement configuration)
        where T : class
    {
        try
        {
            return configuration.Deserialize<T>(Options)!;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw Unreadable<T>(graph, (e as JsonException)?.Path ?? "$", e.Message, e);
        }
    }

    /// <summary>The JSON as it stands in the key.</summary>
    public static ReadOnlySpan<byte> BytesOf(JsonElement configuration) => JsonMarshal.GetRawUtf8Value(configuration);

    public static InvalidConfigurationException Differs<T>(string graph) =>
        Unreadable<T>(graph, "$", "what was made of it has another key.", innerException: null);

    private static InvalidConfigurationException Unreadable<T>(
        string graph,
        string path,
        string problem,
        Exception? innerException
    ) =>
        new(
            graph,
            [
                new ConfigurationFault(
                    path,
                    $"A {typeof(T)} cannot be made again from its key: {problem} Give every property a setter or a constructor parameter, and base types [JsonDerivedType]."
                ),
            ],
            innerException
        );
}
