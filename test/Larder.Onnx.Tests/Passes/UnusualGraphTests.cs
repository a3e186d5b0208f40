using Larder.Onnx.Format;
using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Passes;

/// <summary>Passes on graphs that no common exporter writes and that are legal all the same, against the runtime's own answers.</summary>
public sealed class UnusualGraphTests : IDisposable
{
    private readonly PassWorld _world = new();

    public static readonly string[] Names =
    [
        "SharedWeight",
        "CapturedTwiceDown",
        "InputsWithDefaults",
        "UnusedWeights",
        "WeightAsOutput",
        "EmptyAndScalar",
        "Groups",
        "NegativeAxes",
        "OddNames",
        "TakenNames",
        "ListedNumbers",
        "LeftOutOutputs",
        "Sequences",
        "Quantized",
        "CarriedWeight",
        "Normalized",
        "OldResize",
        "OldUpsample",
        "ManyKinds",
        "BranchesWithoutTypes",
        "TransposedBoth",
        "Statistics",
    ];

    public static TheoryData<string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var name in Names)
        {
            cases.Add(name, "onnx-float16", "{}");
            cases.Add(name, "onnx-float16", """{"keep_io_types":false}""");
            cases.Add(name, "onnx-float16", """{"keep_ops":["MatMul","Add","Gather","Constant"]}""");
            cases.Add(name, "external-data", """{"mode":"split","threshold":256}""");
            cases.Add(name, "external-data", """{"mode":"merge"}""");
            cases.Add(name, "onnx-metadata", """{"set":{"a":"b"}}""");
            if (name.StartsWith("Old", StringComparison.Ordinal))
                continue;
            const string Operators =
                """["MatMul","Gemm","Conv","ConvTranspose","Gather","FusedMatMul","FusedGemm","FusedConv"]""";
            cases.Add(name, "onnx-quantize", $$"""{"min_elements":1,"operators":{{Operators}}}""");
            cases.Add(name, "onnx-quantize", """{"min_elements":1,"per_channel":false}""");
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Run_UnusualGraph_AnswersNearlyTheSame(string name, string pass, string options)
    {
        _world.With(Of(name));
        var isHalf = options.Contains("keep_io_types", StringComparison.Ordinal);

        var output = await _world.RunAsync(pass, options);

        var expected = await AnswerAsync(_world.Input, half: false);
        var actual = await AnswerAsync(output, isHalf);
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (key, before) in expected)
        {
            Assert.Equal(before.Dimensions, actual[key].Dimensions);
            var pairs = NumbersOf(before).Zip(NumbersOf(actual[key])).ToList();
            Assert.All(
                pairs,
                pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.05 + Math.Abs(pair.First * 0.05))
            );
        }
    }

    public void Dispose() => _world.Dispose();

    private static double[] NumbersOf(Tensor tensor) =>
        tensor switch
        {
            Tensor<float> singles => Array.ConvertAll(singles.Span.ToArray(), number => (double)number),
            Tensor<Half> halves => Array.ConvertAll(halves.Span.ToArray(), number => (double)number),
            Tensor<long> longs => Array.ConvertAll(longs.Span.ToArray(), number => (double)number),
            _ => throw new ArgumentException($"{tensor} is not expected.", nameof(tensor)),
        };

    private static async Task<IReadOnlyDictionary<string, Tensor>> AnswerAsync(string directory, bool half)
    {
        var graph = PassWorld.Read(directory).Graph;
        var weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet();
        var inputs = graph
            .Input.Where(input => !weights.Contains(input.Name))
            .ToDictionary(input => input.Name, input => TensorOf(input.Type.TensorType, half));
        return await PassWorld.AnswerAsync(directory, inputs);
    }

    private static Tensor TensorOf(TypeProto.Types.Tensor type, bool half)
    {
        long[] shape = [.. type.Shape.Dim.Select(dimension => dimension.DimValue)];
        var count = (int)shape.Aggregate(1L, (product, size) => product * size);
        var numbers = NetworkModels.Numbers(99, count, 1);
        return type.ElemType switch
        {
            1 when half => throw new ArgumentException("It should be float16."),
            1 => new Tensor<float>(numbers, shape),
            10 => new Tensor<Half>(Array.ConvertAll(numbers, number => (Half)number), shape),
            7 => new Tensor<long>(Enumerable.Range(0, count).Select(number => (long)(number % 3)).ToArray(), shape),
            9 => new Tensor<bool>(Enumerable.Repeat(true, count).ToArray(), shape),
            _ => throw new ArgumentException($"Type {type.ElemType} is not expected.", nameof(type)),
        };
    }

    private static float[] Numbers(int seed, int count) => NetworkModels.Numbers(seed, count, 0.5f);

    private static OnnxTensor Weight(string name, params long[] shape) =>
        OnnxTensor.Of(name, shape, Numbers(name.Length + shape.Length, (int)shape.Aggregate(1L, (a, b) => a * b)));

    private static OnnxNode Node(string type, string[] inputs, string[] outputs, params OnnxAttribute[] attributes) =>
        new(type, inputs, outputs) { Attributes = attributes };

    private static ModelProto Of(string name)
    {
        var model = ModelProto.Parser.ParseFrom(Write(name).ToArray());
        var graph = model.Graph;
        switch (name)
        {
            case "InputsWithDefaults":
                foreach (var tensor in graph.Initializer)
                {
                    var type = new TypeProto
                    {
                        TensorType = new() { ElemType = tensor.DataType, Shape = new() },
                    };
                    type.TensorType.Shape.Dim.AddRange(
                        tensor.Dims.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size })
                    );
                    graph.Input.Add(new ValueInfoProto { Name = tensor.Name, Type = type });
                }
                break;
            case "UnusedWeights" or "SharedWeight":
                foreach (var tensor in graph.Initializer)
                {
                    var type = new TypeProto { TensorType = new() { ElemType = tensor.DataType } };
                    graph.ValueInfo.Add(new ValueInfoProto { Name = tensor.Name, Type = type });
                }
                break;
            case "ListedNumbers":
                foreach (var tensor in graph.Initializer.Where(tensor => tensor.DataType == 1))
                {
                    var floats = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.RawData.Span);
                    tensor.FloatData.AddRange(floats.ToArray());
                    tensor.ClearRawData();
                }
                break;
        }
        return model;
    }

    private static OnnxWriter Write(string name)
    {
        var model = new OnnxWriter(name).Input("x", OnnxType.Float, 4, 8);
        switch (name)
        {
            case "SharedWeight":
                return model
                    .Output("y", OnnxType.Float, 4, 8)
                    .Output("z", OnnxType.Float, 4, 8)
                    .Weight(Weight("w", 8, 8))
                    .Node(Node("MatMul", ["x", "w"], ["a"]))
                    .Node(Node("Gemm", ["a", "w"], ["y"], OnnxAttribute.Int("transB", 1)))
                    .Node(Node("CumSum", ["w", "axis"], ["sums"]))
                    .Weight(OnnxTensor.Of("axis", [], 1))
                    .Node(Node("MatMul", ["x", "sums"], ["z"]));
            case "CapturedTwiceDown":
                OnnxWriter Inner(string type) =>
                    new OnnxWriter("inner")
                        .Output("out", OnnxType.Float)
                        .Node(Node("MatMul", ["h", "w"], ["product"]))
                        .Node(Node(type, ["product", "local"], ["out"]));
                OnnxWriter Middle(string type) =>
                    new OnnxWriter("middle")
                        .Output("result", OnnxType.Float)
                        .Weight(Weight("local", 8))
                        .Node(
                            Node(
                                "If",
                                ["which"],
                                ["result"],
                                OnnxAttribute.Graph("then_branch", Inner(type)),
                                OnnxAttribute.Graph("else_branch", Inner("Sub"))
                            )
                        );
                return model
                    .Input("which", OnnxType.Bool)
                    .Output("y", OnnxType.Float, 4, 8)
                    .Weight(Weight("w", 8, 8))
                    .Node(Node("Celu", ["x"], ["h"]))
                    .Node(
                        Node(
                            "If",
                            ["which"],
                            ["chosen"],
                            OnnxAttribute.Graph("then_branch", Middle("Add")),
                            OnnxAttribute.Graph("else_branch", Middle("Mul"))
                        )
                    )
                    .Node(Node("Add", ["chosen", "x"], ["y"]));
            case "InputsWithDefaults":
                return model
                    .Output("y", OnnxType.Float, 4, 8)
                    .Weight(Weight("w", 8, 8))
                    .Weight(Weight("b", 8))
                    .Node(Node("MatMul", ["x", "w"], ["a"]))
                    .Node(Node("Celu", ["b"], ["bent"]))
                    .Node(Node("Add", ["b", "bent"], ["c"]))
                    .Node(Node("Add", ["a", "c"], ["y"]));
            case "UnusedWeights":
                return model
                    .Output("y", OnnxType.Float, 4, 8)
                    .Weight(Weight("w", 8, 8))
                    .Weight(Weight("nobody", 8, 8))
                    .Node(Node("MatMul", ["x", "w"], ["y"]));
            case "WeightAsOutput":
                return model
                    .Output("y", OnnxType.Float, 4, 8)
                    .Output("w", OnnxType.Float, 8, 8)
                    .Weight(Weight("w", 8, 8))
                    .Node(Node("MatMul", ["x", "w"], ["y"]));
            case "EmptyAndScalar":
                return model
                    .Output("y", OnnxType.Float, 4, 8)
                    .Output("none", OnnxType.Float, 0, 8)
                    .Weight(OnnxTensor.Of<float>("empty", [0, 8]))
                    .Weight(Weight("square", 8, 8))
                    .Weight(OnnxTensor.Of("scalar", [], 0.25f))
                    .Node(Node("Concat", ["x", "empty"], ["joined"], OnnxAttribute.Int("axis", 0)))
                    .Node(Node("MatMul", ["empty", "square"], ["none"]))
                    .Node(Node("Mul", ["joined", "scalar"], ["y"]));
            case "Groups":
                return model
                    .Output("y", OnnxType.Float, 1, 4, 12, 12)
                    .Weight(OnnxTensor.Of("shape", [4], 1L, 2L, 4L, 4L))
                    .Weight(Weight("deep", 4, 1, 3, 3))
                    .Weight(Weight("bias", 4))
                    .Weight(Weight("up", 4, 2, 3, 3))
                    .Weight(OnnxTensor.Of("larger", [4], 1L, 4L, 12L, 12L))
                    .Node(Node("Reshape", ["x", "shape"], ["image"]))
                    .Node(
                        Node(
                            "Conv",
                            ["image", "deep", "bias"],
                            ["seen"],
                            OnnxAttribute.Int("group", 2),
                            OnnxAttribute.Ints("pads", 1, 1, 1, 1)
                        )
                    )
                    .Node(Node("ConvTranspose", ["seen", "up"], ["wide"], OnnxAttribute.Int("group", 2)))
                    .Node(Node("Resize", ["wide", "", "", "larger"], ["y"], OnnxAttribute.String("mode", "linear")));
            case "NegativeAxes":
                return model
                    .Input("ids", OnnxType.Int64, 3)
                    .Output("y", OnnxType.Float, 5, 3)
                    .Weight(Weight("table", 5, 8))
                    .Weight(Weight("w", 8, 8))
                    .Node(Node("MatMul", ["table", "w"], ["wide"]))
                    .Node(Node("Gather", ["wide", "ids"], ["some"], OnnxAttribute.Int("axis", -1)))
                    .Node(Node("Gather", ["table", "ids"], ["others"], OnnxAttribute.Int("axis", -1)))
                    .Node(Node("Add", ["some", "others"], ["sum"]))
                    .Node(Node("Softmax", ["sum"], ["y"], OnnxAttribute.Int("axis", -1)));
            case "OddNames":
                return model
                    .Output("y \"ü\"/0", OnnxType.Float, 4, 8)
                    .Weight(Weight("../w:0", 8, 8))
                    .Weight(Weight("a b\n{tensor}", 8))
                    .Node(Node("MatMul", ["x", "../w:0"], ["モデル"]))
                    .Node(Node("Celu", ["モデル"], ["'c'"]))
                    .Node(Node("Add", ["'c'", "a b\n{tensor}"], ["y \"ü\"/0"]));
            case "TakenNames":
                return model
                    .Output("x_float16", OnnxType.Float, 4, 8)
                    .Weight(Weight("w", 8, 8))
                    .Weight(Weight("w_quantized", 8, 8))
                    .Weight(Weight("w_scale", 8))
                    .Weight(Weight("w_float16", 8))
                    .Weight(Weight("w_float32", 8))
                    .Node(Node("MatMul", ["x", "w"], ["x_cast"]))
                    .Node(Node("MatMul", ["x_cast", "w_quantized"], ["x_float32"]))
                    .Node(Node("Celu", ["w_scale"], ["c"]))
                    .Node(Node("Add", ["x_float32", "c"], ["d"]))
                    .Node(Node("Mul", ["w_float16", "w_float32"], ["e"]))
                    .Node(Node("Add", ["d", "e"], ["x_float16"]));
            case "ListedNumbers":
                return model
                    .Output("y", OnnxType.Float, 4, 8)
                    .Weight(Weight("w", 8, 8))
                    .Weight(Weight("b", 8))
                    .Node(Node("Gemm", ["x", "w", "b"], ["y"], OnnxAttribute.Float("alpha", 0.5f)));
            case "LeftOutOutputs":
                return model
                    .Output("y", OnnxType.Float, 1, 4, 3)
                    .Weight(OnnxTensor.Of("shape", [3], 4L, 1L, 8L))
                    .Weight(Weight("w", 1, 12, 8))
                    .Weight(Weight("r", 1, 12, 3))
                    .Weight(Weight("b", 1, 24))
                    .Weight(Weight("ini", 1, 1, 3))
                    .Node(Node("Reshape", ["x", "shape"], ["sequence"]))
                    .Node(
                        Node(
                            "LSTM",
                            ["sequence", "w", "r", "b", "", "ini"],
                            ["all", "", "c"],
                            OnnxAttribute.Int("hidden_size", 3)
                        )
                    )
                    .Node(Node("Transpose", ["all"], ["turned"], OnnxAttribute.Ints("perm", 1, 2, 0, 3)))
                    .Node(Node("Add", ["turned", "c"], ["sum"]))
                    .Weight(OnnxTensor.Of("back", [3], 1L, 4L, 3L))
                    .Node(Node("Reshape", ["sum", "back"], ["y"]));
            case "Sequences":
                return model
                    .Output("y", OnnxType.Float, 4, 4)
                    .Output("z", OnnxType.Float, 4, 8)
                    .Weight(OnnxTensor.Of("two", [], 4L))
                    .Weight(OnnxTensor.Of("one", [], 1L))
                    .Node(Node("SplitToSequence", ["x", "two"], ["parts"], OnnxAttribute.Int("axis", 1)))
                    .Node(Node("SequenceAt", ["parts", "one"], ["y"]))
                    .Node(Node("ConcatFromSequence", ["parts"], ["z"], OnnxAttribute.Int("axis", -1)));
            case "Quantized":
                return model
                    .Output("y", OnnxType.Float, 4, 8)
                    .Weight(OnnxTensor.Of("s", [], 0.02f))
                    .Weight(OnnxTensor.Of("zero", [], (byte)128))
                    .Weight(Weight("w", 8, 8))
                    .Node(Node("QuantizeLinear", ["x", "s", "zero"], ["q"]))
                    .Node(Node("DequantizeLinear", ["q", "s", "zero"], ["d"]))
                    .Node(Node("MatMul", ["d", "w"], ["y"]));
            case "CarriedWeight":
                var body = new OnnxWriter("body")
                    .Input("round", OnnxType.Int64)
                    .Input("go", OnnxType.Bool)
                    .Input("before", OnnxType.Float, 8, 8)
                    .Input("same", OnnxType.Float, 8, 8)
                    .Output("go_on", OnnxType.Bool)
                    .Output("after", OnnxType.Float, 8, 8)
                    .Output("still", OnnxType.Float, 8, 8)
                    .Node(Node("Identity", ["go"], ["go_on"]))
                    .Node(Node("Identity", ["same"], ["still"]))
                    .Node(Node("MatMul", ["before", "w"], ["after"]));
                return model
                    .Output("y", OnnxType.Float, 4, 8)
                    .Weight(Weight("w", 8, 8))
                    .Weight(OnnxTensor.Of("times", [], 3L))
                    .Node(Node("Loop", ["times", "", "w", "w"], ["turned", "kept"], OnnxAttribute.Graph("body", body)))
                    .Node(Node("Add", ["turned", "kept"], ["sum"]))
                    .Node(Node("MatMul", ["x", "sum"], ["y"]));
            case "Normalized":
                return model
                    .Output("y", OnnxType.Float, 4, 8)
                    .Weight(Weight("scale", 8))
                    .Weight(Weight("bias", 8))
                    .Weight(Weight("means", 8))
                    .Weight(OnnxTensor.Of("vars", [8], Enumerable.Repeat(0.5f, 8).ToArray()))
                    .Node(Node("BatchNormalization", ["x", "scale", "bias", "means", "vars"], ["a"]))
                    .Node(Node("LayerNormalization", ["a", "scale"], ["b", "", "inverse"]))
                    .Node(Node("Mul", ["b", "inverse"], ["c"]))
                    .Node(Node("ReduceL2", ["c", "axes"], ["length"], OnnxAttribute.Int("keepdims", 1)))
                    .Weight(OnnxTensor.Of("axes", [1], -1L))
                    .Node(Node("Div", ["c", "length"], ["y"]));
            case "OldResize":
                return model
                    .Opset("", 10)
                    .Output("y", OnnxType.Float, 8, 16)
                    .Weight(OnnxTensor.Of("scales", [2], 2f, 2f))
                    .Node(Node("Resize", ["x", "scales"], ["y"], OnnxAttribute.String("mode", "nearest")));
            case "OldUpsample":
                return model
                    .Opset("", 9)
                    .Output("y", OnnxType.Float, 8, 16)
                    .Weight(OnnxTensor.Of("scales", [2], 2f, 2f))
                    .Node(Node("Upsample", ["x", "scales"], ["y"], OnnxAttribute.String("mode", "nearest")));
            case "ManyKinds":
                return model
                    .Output("y", OnnxType.Float, 4, 12)
                    .Output("places", OnnxType.Int64, 4, 2)
                    .Weight(OnnxTensor.Of("low", [], -0.5f))
                    .Weight(OnnxTensor.Of("high", [], 0.5f))
                    .Weight(OnnxTensor.Of("pads", [4], 0L, 2L, 0L, 2L))
                    .Weight(OnnxTensor.Of("k", [1], 2L))
                    .Weight(OnnxTensor.Of("depth", [], 12L))
                    .Weight(OnnxTensor.Of("offon", [2], 0f, 0.5f))
                    .Weight(OnnxTensor.Of("axis", [1], 1L))
                    .Node(Node("Clip", ["x", "low", "high"], ["a"]))
                    .Node(Node("Pad", ["a", "pads", "high"], ["b"]))
                    .Node(Node("TopK", ["b", "k"], ["best", "places"]))
                    .Node(
                        Node(
                            "ArgMax",
                            ["b"],
                            ["argmax"],
                            OnnxAttribute.Int("axis", 1),
                            OnnxAttribute.Int("keepdims", 0)
                        )
                    )
                    .Node(Node("OneHot", ["argmax", "depth", "offon"], ["hot"]))
                    .Node(Node("CastLike", ["argmax", "b"], ["number"]))
                    .Node(Node("Unsqueeze", ["number", "axis"], ["column"]))
                    .Node(Node("Mul", ["column", "low"], ["shifted"]))
                    .Node(Node("Dropout", ["hot"], ["dropped"]))
                    .Node(Node("Greater", ["b", "low"], ["mask"]))
                    .Node(Node("Where", ["mask", "b", "dropped"], ["chosen"]))
                    .Node(
                        Node(
                            "Einsum",
                            ["chosen", "chosen"],
                            ["products"],
                            OnnxAttribute.String("equation", "ij,kj->ik")
                        )
                    )
                    .Node(Node("ReduceMean", ["products", "axis"], ["mean"]))
                    .Node(Node("Add", ["chosen", "mean"], ["c"]))
                    .Node(Node("Add", ["c", "shifted"], ["y"]));
            case "BranchesWithoutTypes":
                OnnxWriter Branch(string type) =>
                    new OnnxWriter("branch").OutputAsMade("out").Node(Node(type, ["x", "w"], ["out"]));
                return model
                    .Input("which", OnnxType.Bool)
                    .Output("y", OnnxType.Float, 4, 8)
                    .Weight(Weight("w", 8))
                    .Node(
                        Node(
                            "If",
                            ["which"],
                            ["y"],
                            OnnxAttribute.Graph("then_branch", Branch("Add")),
                            OnnxAttribute.Graph("else_branch", Branch("Mul"))
                        )
                    );
            case "TransposedBoth":
                return model
                    .Output("y", OnnxType.Float, 8, 6)
                    .Weight(Weight("w", 6, 4))
                    .Weight(OnnxTensor.Of("c", [], 0.5f))
                    .Node(
                        Node(
                            "Gemm",
                            ["x", "w", "c"],
                            ["y"],
                            OnnxAttribute.Int("transA", 1),
                            OnnxAttribute.Int("transB", 1),
                            OnnxAttribute.Float("beta", 2f)
                        )
                    );
            case "Statistics":
                return model
                    .Output("y", OnnxType.Float, 4, 8)
                    .Output("count", OnnxType.Int64)
                    .Weight(OnnxTensor.Of("large", [8], Enumerable.Repeat(300f, 8).ToArray()))
                    .Node(Node("Size", ["x"], ["count"]))
                    .Node(Node("Shape", ["x"], ["shape"]))
                    .Node(
                        Node(
                            "ConstantOfShape",
                            ["shape"],
                            ["ones"],
                            OnnxAttribute.Tensor("value", OnnxTensor.Of("", [1], 1f))
                        )
                    )
                    .Node(
                        Node(
                            "Constant",
                            [],
                            ["list"],
                            OnnxAttribute.Floats("value_floats", 0.5f, 0.25f, 1, 2, 3, 4, 5, 6)
                        )
                    )
                    .Node(Node("Mul", ["ones", "list"], ["a"]))
                    .Node(Node("Cast", ["count"], ["number"], OnnxAttribute.Int("to", 1)))
                    .Node(Node("Div", ["a", "number"], ["b"]))
                    .Node(Node("Div", ["b", "large"], ["c"]))
                    .Node(Node("Mul", ["c", "large"], ["d"]))
                    .Node(Node("Add", ["d", "x"], ["y"]));
            default:
                throw new ArgumentOutOfRangeException(nameof(name));
        }
    }
}
