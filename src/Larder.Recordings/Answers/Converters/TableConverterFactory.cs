using System.Text.Json;
using System.Text.Json.Serialization;
using Larder.Content.Tensors;

namespace Larder.Recordings.Answers.Converters;

/// <summary>The converters of arrays of two dimensions and more.</summary>
internal sealed class TableConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsArray
        && typeToConvert.GetArrayRank() > 1
        && TensorElement.Of(typeToConvert.GetElementType()!) is not null;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)
            Activator.CreateInstance(
                typeof(TableConverter<,>).MakeGenericType(typeToConvert, typeToConvert.GetElementType()!)
            )!;
}
