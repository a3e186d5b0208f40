using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.AI.Json;

/// <summary>Writes values that are declared as <c>object</c> so that plain ones come back as what they were.</summary>
/// <remarks>
/// JSON itself, which is what arguments of functions mostly are, stands as it is; a text or a number of .NET with its type. Any
/// other object comes back as JSON, as the library's own would.
/// </remarks>
internal sealed class ValueConverter : JsonConverter<object>
{
    private const string TypeMember = "$type";
    private const string ValueMember = "value";
    private const string Json = "json";

    private static readonly Dictionary<string, Type> Plain = new(StringComparer.Ordinal)
    {
        ["string"] = typeof(string),
        ["bool"] = typeof(bool),
        ["int"] = typeof(int),
        ["long"] = typeof(long),
        ["float"] = typeof(float),
        ["double"] = typeof(double),
        ["decimal"] = typeof(decimal),
        ["DateTime"] = typeof(DateTime),
        ["DateTimeOffset"] = typeof(DateTimeOffset),
        ["TimeSpan"] = typeof(TimeSpan),
        ["Guid"] = typeof(Guid),
        ["Uri"] = typeof(Uri),
    };

    private static readonly Dictionary<Type, string> Names = Plain.ToDictionary(pair => pair.Value, pair => pair.Key);

    public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
    {
        if (Names.TryGetValue(value.GetType(), out var name))
        {
            WriteTyped(writer, name, JsonSerializer.SerializeToElement(value, value.GetType(), options));
            return;
        }
        var json = value is JsonElement element
            ? element
            : JsonSerializer.SerializeToElement(value, value.GetType(), options);
        if (json.ValueKind is JsonValueKind.Object && json.TryGetProperty(TypeMember, out _))
            WriteTyped(writer, Json, json);
        else
            json.WriteTo(writer);
    }

    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        if (json.ValueKind is not JsonValueKind.Object || !json.TryGetProperty(TypeMember, out var type))
            return json;
        if (!json.TryGetProperty(ValueMember, out var value))
            throw new JsonException($"A value with {TypeMember} has no '{ValueMember}'.");
        var name = type.ToString();
        if (name == Json)
            return value;
        return Plain.TryGetValue(name, out var plain)
            ? value.Deserialize(plain, options)
            : throw new JsonException($"'{name}' is none of the types of plain values.");
    }

    private static void WriteTyped(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WriteStartObject();
        writer.WriteString(TypeMember, name);
        writer.WritePropertyName(ValueMember);
        value.WriteTo(writer);
        writer.WriteEndObject();
    }
}
