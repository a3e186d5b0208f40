using System.Text.Json;
using Larder.Onnx;
using Larder.Server.Runtimes;

namespace Larder.Server.Tests.Runtimes;

public sealed class WorkerTensorsTests
{
    public static TheoryData<long[], string?, string> Shapes { get; } =
        new()
        {
            { [], null, "1" },
            { [1], null, "1" },
            { [1, 1], null, "1" },
            { [3], null, "[1,2,3]" },
            { [3, 1], null, "[1,2,3]" },
            { [1, 3], null, "[[1,2,3]]" },
            { [1, 3, 1], null, "[[1,2,3]]" },
            { [2, 2], null, "[[1,2],[3,4]]" },
            { [0], null, "[]" },
            { [1], "1", "1" },
            { [3, 1], "-,1", "[[1],[2],[3]]" },
            { [1, 1], "-,1", "[[1]]" },
            { [1], "-", "[1]" },
            { [3, 1], "-", "[1,2,3]" },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Write_Shape_IsAsTheWorkerWantsItOrAsPeopleWriteIt(long[] shape, string? declared, string expected)
    {
        var count = (int)shape.Aggregate(1L, (product, size) => product * size);
        var tensor = new Tensor<long>(Enumerable.Range(1, count).Select(value => (long)value).ToArray(), shape);

        using var written = WorkerTensors.Write(
            new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["x"] = tensor },
            declared is null ? null : [Spec("x", TensorElementType.Int64, declared)]
        );

        Assert.Equal($$"""{"x":{{expected}}}""", written.RootElement.GetRawText());
    }

    [Theory]
    [InlineData("3", "int64[1]")]
    [InlineData("3.0", "float64[1]")]
    [InlineData("true", "bool[1]")]
    [InlineData("\"a\"", "string[1]")]
    [InlineData("[1, 2]", "int64[2]")]
    [InlineData("[1, 2.5]", "float64[2]")]
    [InlineData("[[1], [2]]", "int64[2,1]")]
    [InlineData("[]", "int64[0]")]
    [InlineData("9223372036854775808", "float64[1]")]
    public void Read_WorkerThatDoesNotTell_IsATensorByWhatItAnswers(string value, string expected) =>
        Assert.Equal(expected, Read(value, specs: null)["x"].ToString());

    [Theory]
    [InlineData("3", "1", "float32[1]")]
    [InlineData("3", "-,1", "float32[1,1]")]
    [InlineData("[3, 4]", "-,1", "float32[2,1]")]
    [InlineData("[[3, 4]]", "-,2", "float32[1,2]")]
    public void Read_WorkerThatTells_IsThatTensor(string value, string declared, string expected) =>
        Assert.Equal(expected, Read(value, [Spec("x", TensorElementType.Float32, declared)])["x"].ToString());

    [Theory]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    [InlineData("[[1], [2, 3]]", null)]
    [InlineData("[1, \"a\"]", null)]
    [InlineData("[true, 1]", null)]
    [InlineData("[1, 2, 3]", "2")]
    [InlineData("\"a\"", "1")]
    public void Read_WhatIsNoTensor_IsSaidByName(string value, string? declared)
    {
        var specs = declared is null ? null : new[] { Spec("x", TensorElementType.Float32, declared) };

        var failure = Assert.Throws<NoTensorException>(() => Read(value, specs));

        Assert.StartsWith("x: It is no ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OnlySomeWanted_ReadsNoOthersAndMissesNone()
    {
        using var answer = JsonDocument.Parse("""{"a": {}, "b": 1}""");

        Assert.Equal(["b"], WorkerTensors.Read(answer.RootElement, null, ["b"]).Keys);
        var failure = Assert.Throws<NoTensorException>(() => WorkerTensors.Read(answer.RootElement, null, ["b", "c"]));
        Assert.Equal("c: The worker did not answer it.", failure.Message);
    }

    private static IReadOnlyDictionary<string, Tensor> Read(string value, IReadOnlyList<TensorSpec>? specs)
    {
        using var answer = JsonDocument.Parse($$"""{"x": {{value}}}""");
        return WorkerTensors.Read(answer.RootElement, specs, wanted: null);
    }

    // Sizes with commas between them; '-' is a free one.
    private static TensorSpec Spec(string name, TensorElementType type, string shape) =>
        new(
            name,
            type,
            [.. shape.Split(',').Select(size => new Dimension(size == "-" ? null : long.Parse(size, null)))]
        );
}
