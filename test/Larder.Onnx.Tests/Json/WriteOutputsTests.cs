using System.Text;
using System.Text.Json;

namespace Larder.Onnx.Tests.Json;

public sealed class WriteOutputsTests
{
    [Fact]
    public void Write_NestsByShape()
    {
        Assert.Equal("[[1,2,3],[4,5,6]]", Write(new Tensor<int>(new[] { 1, 2, 3, 4, 5, 6 }, 2, 3)));
        Assert.Equal("[[[true]],[[false]]]", Write(new Tensor<bool>(new[] { true, false }, 2, 1, 1)));
        Assert.Equal("[[],[]]", Write(new Tensor<float>(Array.Empty<float>(), 2, 0)));
        Assert.Equal("7", Write(new Tensor<byte>(new byte[] { 7 })));
    }

    [Fact]
    public void Write_Numbers_HaveTheShortestDigitsOfTheirType()
    {
        Assert.Equal("[0.1]", Write(Named.Vector((Half)0.1f)));
        Assert.Equal("[0.1,1E+20,-0]", Write(Named.Vector(0.1f, 1e20f, -0f)));
        Assert.Equal("[0.1,5E-324]", Write(Named.Vector(0.1, double.Epsilon)));
        Assert.Equal("[18446744073709551615]", Write(Named.Vector(ulong.MaxValue)));
        Assert.Equal("[-9223372036854775808]", Write(Named.Vector(long.MinValue)));
    }

    [Fact]
    public void Write_NaNAndInfinities_AreTexts() =>
        Assert.Equal(
            """["NaN","Infinity","-Infinity"]""",
            Write(Named.Vector(float.NaN, float.PositiveInfinity, float.NegativeInfinity))
        );

    [Fact]
    public void WritePrediction_OneElement_IsAPlainValue()
    {
        Assert.Equal("2.5", Write(new Tensor<float>(new[] { 2.5f }, 1, 1), TensorJson.WritePrediction));
        Assert.Equal("\"good\"", Write(new Tensor<string>(new[] { "good" }, 1), TensorJson.WritePrediction));
        Assert.Equal("[[1],[2]]", Write(Named.Column(1, 2), TensorJson.WritePrediction));
        Assert.Equal("[]", Write(Named.Vector<float>(), TensorJson.WritePrediction));
    }

    [Fact]
    public void WriteOutputs_FollowsTheModelsOrder()
    {
        TensorSpec[] specs =
        [
            new("label", TensorElementType.String, [new(1)]),
            new("left_out", TensorElementType.Float32, [new(1)]),
            new("score", TensorElementType.Float32, [new(1)]),
        ];
        var outputs = Named.Inputs(("score", Named.Vector(1.5f)), ("label", Named.Vector("good")));

        Assert.Equal(
            """{"label":["good"],"score":[1.5]}""",
            Write(outputs, (writer, values) => TensorJson.WriteOutputs(writer, specs, values))
        );
    }

    [Fact]
    public void Write_ThenRead_GivesTheSame()
    {
        var tensor = new Tensor<double>(new[] { 0.1, -1e-300, double.NaN, double.NegativeInfinity, 1e300, 3 }, 3, 2);
        var spec = new TensorSpec("x", TensorElementType.Float64, [new(), new()]);
        using var request = JsonDocument.Parse($$"""{"inputs": {"x": {{Write(tensor)}} } }""");

        var read = TensorJson.ReadInputs(request.RootElement, [spec])["x"];

        Assert.Equal(tensor.Data.ToArray(), ((Tensor<double>)read).Data.ToArray());
        Assert.Equal(tensor.Shape, read.Shape);
    }

    private static string Write(Tensor tensor) => Write(tensor, TensorJson.Write);

    private static string Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            write(writer, value);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
