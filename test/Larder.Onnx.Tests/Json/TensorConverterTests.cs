using System.Text.Json;

namespace Larder.Onnx.Tests.Json;

public sealed class TensorConverterTests
{
    public static TheoryData<Tensor> Tensors =>
        [
            new Tensor<float>(new[] { 0.1f, -0f, float.NaN, float.PositiveInfinity }, 2, 2),
            new Tensor<float>(Enumerable.Range(0, 65).Select(i => i / 3f).ToArray(), 65),
            new Tensor<double>(new[] { double.Epsilon, -1e300 }, 2),
            new Tensor<Half>(new[] { Half.MaxValue, (Half)0.1, Half.NegativeInfinity }, 3),
            new Tensor<long>(new[] { long.MinValue, long.MaxValue }, 1, 2),
            new Tensor<int>(new[] { int.MinValue }),
            new Tensor<short>(new short[] { -1, 2 }, 2),
            new Tensor<sbyte>(new sbyte[] { -128 }, 1),
            new Tensor<ulong>(new[] { ulong.MaxValue }, 1),
            new Tensor<uint>(new[] { uint.MaxValue }, 1),
            new Tensor<ushort>(new[] { ushort.MaxValue }, 1),
            new Tensor<byte>(new byte[200], 10, 20),
            new Tensor<bool>(new[] { true, false }, 2),
            new Tensor<bool>(Enumerable.Range(0, 100).Select(i => i % 3 == 0).ToArray(), 100),
            new Tensor<string>(new[] { "a", "", "日本" }, 3),
            new Tensor<string>(Enumerable.Repeat("x", 100).ToArray(), 100),
            new Tensor<float>(Array.Empty<float>(), 0, 3),
        ];

    [Theory]
    [MemberData(nameof(Tensors))]
    public void Serialize_AnyTensor_ComesBackToTheLastBit(Tensor tensor)
    {
        var json = JsonSerializer.Serialize(tensor);

        var back = JsonSerializer.Deserialize<Tensor>(json)!;
        var typed = (Tensor)JsonSerializer.Deserialize(json, tensor.GetType())!;

        AssertSame(tensor, back);
        AssertSame(tensor, typed);
        AssertSame(tensor, JsonSerializer.Deserialize<Holder>(JsonSerializer.Serialize(new Holder(tensor)))!.Tensor);
    }

    [Fact]
    public void Serialize_FewElements_AreValuesThatPeopleRead() =>
        Assert.Equal(
            """{"$tensor":"float32","shape":[2,2],"values":[0.1,-0,"NaN","Infinity"]}""",
            JsonSerializer.Serialize(new Tensor<float>(new[] { 0.1f, -0f, float.NaN, float.PositiveInfinity }, 2, 2))
        );

    [Fact]
    public void Deserialize_TensorOfAnotherType_IsRefused()
    {
        var json = JsonSerializer.Serialize(new Tensor<float>(new[] { 1f }, 1));

        var failure = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Tensor<long>>(json));

        Assert.Contains("float32[1]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deserialize_BoolsThatAreNone_AreRefused()
    {
        var data = Convert.ToBase64String([1, 2, .. new byte[98]]);

        Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize<Tensor>($$"""{"$tensor":"bool","shape":[100],"data":"{{data}}"}""")
        );
    }

    [Fact]
    public void Serialize_HalfOfASurrogatePair_IsRefused() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Serialize(new Tensor<string>(new[] { "\uD800" }, 1)));

    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(ElementsOf(expected), ElementsOf(actual));
        // Equal zeros have two signs, and their digits tell them apart.
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(actual));
    }

    private static Array ElementsOf(Tensor tensor) => (Array)((dynamic)tensor).Data.ToArray();

    private sealed record Holder(Tensor Tensor);
}
