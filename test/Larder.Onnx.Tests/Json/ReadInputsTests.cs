using System.Text.Json;

namespace Larder.Onnx.Tests.Json;

public sealed class ReadInputsTests
{
    private static readonly TensorSpec Column = Spec("x", TensorElementType.Float32, "batch", 1);

    [Theory]
    [InlineData("3", "[1,1]")]
    [InlineData("[3]", "[1,1]")]
    [InlineData("[1,2,3]", "[3,1]")]
    [InlineData("[[1],[2]]", "[2,1]")]
    [InlineData("[]", "[0,1]")]
    public void Read_Column_TakesValueFlatAndNested(string json, string shape) =>
        Assert.Equal($"float32{shape}", ReadOne(Column, json).ToString());

    [Fact]
    public void Read_SingleValue_FitsEveryShapeOfOneElement()
    {
        Assert.Equal("int64[]", ReadOne(Spec("x", TensorElementType.Int64), "3").ToString());
        Assert.Equal("int64[1]", ReadOne(Spec("x", TensorElementType.Int64, 1), "3").ToString());
        Assert.Equal("int64[1,1,1]", ReadOne(Spec("x", TensorElementType.Int64, "a", 1, "b"), "3").ToString());
        Assert.Equal("int64[]", ReadOne(Spec("x", TensorElementType.Int64) with { HasShape = false }, "3").ToString());
    }

    [Fact]
    public void Read_FlatArray_TakesTheOneDimensionThatIsNotOne()
    {
        Assert.Equal("float32[1,3]", ReadOne(Spec("x", TensorElementType.Float32, 1, 3), "[1,2,3]").ToString());
        Assert.Equal("float32[1,2,1]", ReadOne(Spec("x", TensorElementType.Float32, 1, "n", 1), "[1,2]").ToString());
    }

    [Theory]
    [InlineData("[1,2,3]", "The model needs float32[batch,3], and this is the shape [3].")]
    [InlineData("1", "The model needs float32[batch,3], and this is a single value.")]
    [InlineData("[[1,2]]", "The model needs float32[batch,3], and this is the shape [1,2].")]
    [InlineData("[[[1,2,3]]]", "The model needs float32[batch,3], and this is the shape [1,1,3].")]
    public void Read_ShapeDoesNotFit_TellsBoth(string json, string message) =>
        AssertFault(Spec("x", TensorElementType.Float32, "batch", 3), json, "inputs.x", message);

    [Theory]
    [InlineData(
        "[[1,2],[3]]",
        "inputs.x[1]",
        "The array has 1 elements and inputs.x[0] has 2; all must have the same number."
    )]
    [InlineData("[[1,2],3]", "inputs.x[1]", "A single value stands where inputs.x[0] is an array of 2.")]
    [InlineData("[1,[2]]", "inputs.x[1]", "Expected a number, got an array.")]
    public void Read_Ragged_NamesTheRow(string json, string path, string message) =>
        AssertFault(Spec("x", TensorElementType.Float32) with { HasShape = false }, json, path, message);

    [Theory]
    [InlineData(TensorElementType.Float32, "\"three\"", "Expected a number, got a text.")]
    [InlineData(TensorElementType.Float32, "null", "Expected a number, got null.")]
    [InlineData(TensorElementType.Float32, "true", "Expected a number, got true.")]
    [InlineData(TensorElementType.Float32, "{}", "Expected a number, got an object.")]
    [InlineData(TensorElementType.Float32, "1e39", "1e39 is out of range for float32.")]
    [InlineData(TensorElementType.Float16, "65520", "65520 is out of range for float16.")]
    [InlineData(TensorElementType.Float64, "-1e400", "-1e400 is out of range for float64.")]
    [InlineData(TensorElementType.Int64, "1.5", "Expected a whole number, got 1.5.")]
    [InlineData(TensorElementType.Int64, "1e-30", "Expected a whole number, got 1e-30.")]
    [InlineData(TensorElementType.Int64, "9007199254740993.5", "Expected a whole number, got 9007199254740993.5.")]
    [InlineData(TensorElementType.Int64, "9223372036854775808", "9223372036854775808 is out of range for int64.")]
    [InlineData(TensorElementType.Int64, "1e300", "1e300 is out of range for int64.")]
    [InlineData(TensorElementType.Int64, "1e999", "1e999 is out of range for int64.")]
    [InlineData(TensorElementType.UInt64, "-1", "-1 is out of range for uint64.")]
    [InlineData(TensorElementType.UInt8, "256", "256 is out of range for uint8.")]
    [InlineData(TensorElementType.Int8, "-129", "-129 is out of range for int8.")]
    [InlineData(TensorElementType.Int32, "\"1\"", "Expected a whole number, got a text.")]
    [InlineData(TensorElementType.Bool, "1", "Expected true or false, got the number 1.")]
    [InlineData(TensorElementType.String, "1", "Expected a text, got the number 1.")]
    [InlineData(TensorElementType.String, "\"\\ud83c\"", "The text holds half of a surrogate pair.")]
    public void Read_ElementDoesNotFit_SaysWhatIsExpected(TensorElementType type, string json, string message)
    {
        AssertFault(Spec("x", type, "n"), $"[{json}]", "inputs.x[0]", message);
        AssertFault(Spec("x", type), json, "inputs.x", message);
    }

    [Theory]
    [InlineData(TensorElementType.Int64, "3.0", 3L)]
    [InlineData(TensorElementType.Int64, "3e2", 300L)]
    [InlineData(TensorElementType.Int64, "-9223372036854775808", long.MinValue)]
    [InlineData(TensorElementType.UInt64, "18446744073709551615", ulong.MaxValue)]
    [InlineData(TensorElementType.Float32, "0.1", 0.1f)]
    [InlineData(TensorElementType.Float64, "\"-Infinity\"", double.NegativeInfinity)]
    [InlineData(TensorElementType.Float64, "\"Infinity\"", double.PositiveInfinity)]
    [InlineData(TensorElementType.Float64, "\"NaN\"", double.NaN)]
    [InlineData(TensorElementType.Bool, "true", true)]
    [InlineData(TensorElementType.String, "\"a\\u0000b\"", "a\0b")]
    public void Read_ElementFits_IsExact(TensorElementType type, string json, object expected) =>
        Assert.Equal(expected, First(ReadOne(Spec("x", type), json)));

    [Fact]
    public void Read_DeepFault_HasItsPath() =>
        AssertFault(
            Spec("x", TensorElementType.Float32, "a", "b", "c"),
            "[[[1,2],[3,4],[5,6]],[[7,8],[9,\"10\"],[11,12]]]",
            "inputs.x[1][1][1]",
            "Expected a number, got a text."
        );

    [Fact]
    public void Read_ManyMistakes_TellsAll()
    {
        TensorSpec[] specs =
        [
            Spec("rooms", TensorElementType.Int64, "batch", 1),
            Spec("area", TensorElementType.Float32, "batch", 1),
            Spec("name", TensorElementType.String, "batch"),
        ];

        var faults = Faults(specs, """{"inputs": {"rooms": [1, 2.5, "3"], "aera": 5, "name": [["a"]], "rooms": 3}}""");

        Assert.Equal(
            [
                new InputFault("inputs.rooms", "The input is given twice."),
                new InputFault("inputs.rooms[1]", "Expected a whole number, got 2.5."),
                new InputFault("inputs.rooms[2]", "Expected a whole number, got a text."),
                new InputFault("inputs.area", "The input is missing; the model needs float32[batch,1]."),
                new InputFault("inputs.name", "The model needs string[batch], and this is the shape [1,1]."),
                new InputFault("inputs.aera", "The model has no such input; did you mean 'area'?"),
            ],
            faults
        );
    }

    [Fact]
    public void Read_FreeDimensionsOfOneName_MustAgree()
    {
        TensorSpec[] specs =
        [
            Spec("a", TensorElementType.Float32, "batch", 1),
            Spec("b", TensorElementType.Float32, "batch"),
        ];

        var fault = Assert.Single(Faults(specs, """{"inputs": {"a": [1, 2], "b": [1, 2, 3]}}"""));

        Assert.Equal(
            new InputFault("inputs.b", "The size 'batch' is 3 here and 2 in inputs.a; they must agree."),
            fault
        );
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{}")]
    [InlineData("""{"inputs": [1]}""")]
    [InlineData("""{"input": {"x": 1}}""")]
    public void Read_NoObjectOfInputs_SaysHowItLooks(string request) =>
        Assert.Equal("inputs", Assert.Single(Faults([Column], request)).Path);

    [Fact]
    public void Read_NameIsHalfASurrogatePair_IsAFault() =>
        Assert.Equal(2, Faults([Column], """{"inputs": {"\ud83c": 1}}""").Count);

    [Fact]
    public void Read_NestedTooDeep_IsAFault()
    {
        var json = new string('[', 17) + new string(']', 17);

        AssertFault(
            Column,
            json,
            "inputs.x",
            "The arrays are nested more than 16 deep; the model needs float32[batch,1]."
        );
    }

    [Fact]
    public void Read_LongAndManyUnknownNames_AreCutOff()
    {
        var many = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"{new string('n', 1000)}{i}\":1"));

        var faults = Faults([Column], $$"""{"inputs": {"x": 1, {{many}} } }""");

        Assert.Equal(50, faults.Count);
        Assert.All(faults, fault => Assert.InRange(fault.Path.Length, 0, 140));
    }

    [Fact]
    public void Read_ThousandsOfFaults_AreCutOff()
    {
        var faults = Faults(
            [Column],
            $$"""{"inputs": {"x": [{{string.Join(',', Enumerable.Repeat("null", 5000))}}]} }"""
        );

        Assert.Equal(51, faults.Count);
        Assert.Equal("There are 4950 more faults.", faults[50].Message);
    }

    [Fact]
    public void Read_ShapeOfManyFromFewBytes_AsksForNoMemory()
    {
        // Taken by its first row it would have 4000 · 4000 elements.
        var row = string.Join(',', Enumerable.Repeat("1", 4000));
        var json = $"[[{row}]{string.Concat(Enumerable.Repeat(",0", 3999))}]";
        using var request = JsonDocument.Parse($$"""{"inputs": {"x": {{json}} } }""");
        var specs = new[] { Spec("x", TensorElementType.Float64, "a", "b") };

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidInputsException>(() => TensorJson.ReadInputs(request.RootElement, specs));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    private static TensorSpec Spec(string name, TensorElementType type, params object[] shape) =>
        new(
            name,
            type,
            [.. shape.Select(size => size is string free ? new Dimension(null, free) : new Dimension((int)size))]
        );

    private static Tensor ReadOne(TensorSpec spec, string json)
    {
        using var request = JsonDocument.Parse($$"""{"inputs": {"x": {{json}} } }""");
        return TensorJson.ReadInputs(request.RootElement, [spec])["x"];
    }

    private static IReadOnlyList<InputFault> Faults(IReadOnlyList<TensorSpec> specs, string json)
    {
        using var request = JsonDocument.Parse(json);
        return Assert.Throws<InvalidInputsException>(() => TensorJson.ReadInputs(request.RootElement, specs)).Faults;
    }

    private static void AssertFault(TensorSpec spec, string json, string path, string message) =>
        Assert.Equal(
            new InputFault(path, message),
            Assert.Single(Faults([spec], $$"""{"inputs": {"x": {{json}} } }"""))
        );

    private static object First(Tensor tensor) =>
        tensor switch
        {
            Tensor<long> longs => longs.Span[0],
            Tensor<ulong> longs => longs.Span[0],
            Tensor<float> floats => floats.Span[0],
            Tensor<double> doubles => doubles.Span[0],
            Tensor<bool> flags => flags.Span[0],
            Tensor<string> texts => texts.Span[0],
            _ => throw new ArgumentException($"Not expected here: {tensor}.", nameof(tensor)),
        };
}
