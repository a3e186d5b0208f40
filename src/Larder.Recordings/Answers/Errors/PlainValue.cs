using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.Answers.Errors;

/// <summary>The values of an exception's properties that a recording holds: texts, numbers, dates and the like, and lists of them.</summary>
internal static class PlainValue
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Whether values of the type, or null, are plain.</summary>
    public static bool IsPlain(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return IsSingle(type) || (ItemOf(type) is { } item && IsSingle(item));
    }

    /// <summary>The value as JSON.</summary>
    public static JsonElement Write(object? value) =>
        value is null ? JsonElement.Parse("null") : JsonSerializer.SerializeToElement(value, value.GetType(), Json);

    /// <summary>The value of a plain type.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static object? Read(JsonElement value, Type type) => value.Deserialize(type, Json);

    private static Type? ItemOf(Type type)
    {
        if (type.IsArray && type.GetArrayRank() == 1)
            return type.GetElementType();
        var isList =
            type.IsGenericType
            && type.GetGenericTypeDefinition() is var definition
            && (
                definition == typeof(List<>)
                || definition == typeof(IReadOnlyList<>)
                || definition == typeof(IReadOnlyCollection<>)
                || definition == typeof(IEnumerable<>)
            );
        return isList ? type.GetGenericArguments()[0] : null;
    }

    private static bool IsSingle(Type type) =>
        type.IsEnum
        || (type.IsPrimitive && type != typeof(nint) && type != typeof(nuint))
        || type == typeof(string)
        || type == typeof(decimal)
        || type == typeof(Half)
        || type == typeof(DateTime)
        || type == typeof(DateTimeOffset)
        || type == typeof(DateOnly)
        || type == typeof(TimeOnly)
        || type == typeof(TimeSpan)
        || type == typeof(Guid)
        || type == typeof(Uri)
        || type == typeof(Version);
}
