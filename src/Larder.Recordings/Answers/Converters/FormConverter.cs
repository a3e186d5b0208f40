using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larder.Recordings.Answers.Converters;

/// <summary>Values of one type as another, by the user's functions.</summary>
internal sealed class FormConverter<T>(RecordedForm form) : JsonConverter<T>
    where T : notnull
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (T)
            form.From(
                JsonSerializer.Deserialize(ref reader, form.Form, options)
                    ?? throw new JsonException(
                        $"There is no {TypeName.Of(form.Form)} to make a {TypeName.Of(form.Type)} of."
                    )
            );

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, form.To(value), form.Form, options);
}
