using System.Text.Json;

namespace Larder.Recordings.Answers.Converters;

/// <summary>Writes a value inside another that a converter is writing.</summary>
internal static class Nested
{
    /// <summary>Writes it; a refusal keeps the path below, which the serializer around does not know.</summary>
    public static void Write(Utf8JsonWriter writer, object? value, Type type, JsonSerializerOptions options)
    {
        try
        {
            JsonSerializer.Serialize(writer, value, type, options);
        }
        catch (RefusedException e)
        {
            throw new RefusedException(e.Reason, e.Place[1..]);
        }
    }
}
