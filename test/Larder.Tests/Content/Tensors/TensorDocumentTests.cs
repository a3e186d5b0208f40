using System.Text;
using System.Text.Json;
using Larder.Content.Tensors;

namespace Larder.Tests.Content.Tensors;

public sealed class TensorDocumentTests
{
    [Fact]
    public void Write_AnyFloats_ComeBackToTheLastBit() =>
        Property.Holds<int[]>(bits =>
        {
            var tensor = Row("float32", bits.Select(BitConverter.Int32BitsToSingle).ToArray());
            return Back(tensor).Bytes.Span.SequenceEqual(tensor.Bytes.Span);
        });

    [Fact]
    public void Write_AnyHalves_ComeBackToTheLastBit() =>
        Property.Holds<short[]>(bits =>
        {
            var tensor = Row("float16", bits.Select(BitConverter.Int16BitsToHalf).ToArray());
            return Back(tensor).Bytes.Span.SequenceEqual(tensor.Bytes.Span);
        });

    [Fact]
    public void Write_AnyLongs_ComeBack() =>
        Property.Holds<long[]>(values =>
            Back(Row("int64", values)).Bytes.Span.SequenceEqual(Row("int64", values).Bytes.Span)
        );

    [Fact]
    public void Write_NaNWithPayload_IsWrittenAsBytes()
    {
        var tensor = Row("float32", [BitConverter.Int32BitsToSingle(0x7FC00001), 1f]);

        Assert.Equal("""{"$tensor":"float32","shape":[2],"data":"AQDAfwAAgD8="}""", Json(tensor));
        Assert.Equal(tensor.Bytes.ToArray(), Back(tensor).Bytes.ToArray());
    }

    [Fact]
    public void Write_MoreThan64Elements_AreBytes()
    {
        Assert.Contains("\"values\":[", Json(Row("uint8", new byte[64])), StringComparison.Ordinal);
        Assert.Contains("\"data\":\"", Json(Row("uint8", new byte[65])), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Texts_AreAlwaysValues()
    {
        var texts = Enumerable.Range(0, 100).Select(i => new string('ü', i)).ToArray();
        var tensor = new TensorValue("string", [10, 10], TensorTexts.BytesOf(texts));

        Assert.Equal(texts, TensorTexts.TextsOf(Back(tensor).Bytes.Span));
        Assert.DoesNotContain("data", Json(tensor), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ScalarAndEmpty_ComeBack()
    {
        Assert.Equal(
            """{"$tensor":"int32","shape":[],"values":[7]}""",
            Json(new TensorValue("int32", [], LittleEndian.BytesOf<int>([7])))
        );
        Assert.Equal([3, 0, 2], Back(new TensorValue("int32", [3, 0, 2], default)).Shape);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("""{"$tensor":"float32","shape":[1]}""")]
    [InlineData("""{"$tensor":"float32","shape":[1],"other":[1]}""")]
    [InlineData("""{"$tensor":"float32","shape":[1],"values":[1],"more":1}""")]
    [InlineData("""{"$tensor":"bfloat16","shape":[1],"values":[1]}""")]
    [InlineData("""{"$tensor":1,"shape":[1],"values":[1]}""")]
    [InlineData("""{"$tensor":"float32","shape":1,"values":[1]}""")]
    [InlineData("""{"$tensor":"float32","shape":[1.5],"values":[1]}""")]
    [InlineData("""{"$tensor":"float32","shape":[-1],"values":[1]}""")]
    [InlineData("""{"$tensor":"float32","shape":["1"],"values":[1]}""")]
    [InlineData("""{"$tensor":"float32","shape":[2],"values":[1]}""")]
    [InlineData("""{"$tensor":"float32","shape":[1],"values":["x"]}""")]
    [InlineData("""{"$tensor":"float32","shape":[1],"values":[1e39]}""")]
    [InlineData("""{"$tensor":"int8","shape":[1],"values":[128]}""")]
    [InlineData("""{"$tensor":"int8","shape":[1],"values":[1.0]}""")]
    [InlineData("""{"$tensor":"int8","shape":[1],"values":["NaN"]}""")]
    [InlineData("""{"$tensor":"bool","shape":[1],"values":[1]}""")]
    [InlineData("""{"$tensor":"string","shape":[1],"values":[1]}""")]
    [InlineData("""{"$tensor":"string","shape":[1],"values":["\uD800"]}""")]
    [InlineData("""{"$tensor":"string","shape":[1],"data":"AAAA"}""")]
    [InlineData("""{"$tensor":"float32","shape":[1],"data":"AAAA"}""")]
    [InlineData("""{"$tensor":"float32","shape":[1],"data":"?"}""")]
    [InlineData("""{"$tensor":"float32","shape":[4611686018427387904,4],"values":[]}""")]
    [InlineData("""{"$tensor":"float64","shape":[2000000000],"data":""}""")]
    [InlineData("""{"$tensor":"float64","shape":[0,9223372036854775807,9223372036854775807],"values":[1]}""")]
    public void Read_WhatIsNoTensor_IsRefused(string json) => Assert.Throws<JsonException>(() => Read(json));

    [Fact]
    public void Read_MembersInAnotherOrder_IsTheSame() =>
        Assert.Equal([1, 2], Read("""{"values":[1,2],"shape":[2],"$tensor":"uint8"}""").Bytes.ToArray());

    [Theory]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 65 })]
    [InlineData(new byte[] { 255, 255, 255, 255 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 0xC0 })]
    public void TextsOf_OtherBytes_AreRefused(byte[] bytes) =>
        Assert.Throws<FormatException>(() => TensorTexts.TextsOf(bytes));

    private static TensorValue Row<T>(string type, T[] elements)
        where T : unmanaged => new(type, [elements.Length], LittleEndian.BytesOf<T>(elements));

    private static TensorValue Back(TensorValue tensor) => Read(Json(tensor));

    private static string Json(TensorValue tensor)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
            TensorDocument.Write(writer, tensor, JsonSerializerOptions.Default);
        return Encoding.UTF8.GetString(json.ToArray());
    }

    private static TensorValue Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return TensorDocument.Read(ref reader, JsonSerializerOptions.Default);
    }
}
