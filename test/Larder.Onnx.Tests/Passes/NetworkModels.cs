using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests.Passes;

/// <summary>Models that have what the passes have to cope with, and inputs for them.</summary>
internal static class NetworkModels
{
    public static readonly string[] Names = ["Layers", "Convolution", "Branches", "Loop", "Scan", "Mixed", "Lookup"];

    public static OnnxWriter Of(string name) =>
        name switch
        {
            "Layers" => Layers(),
            "Convolution" => Convolution(),
            "Branches" => Branches(),
            "Loop" => Loop(),
            "Scan" => Scan(),
            "Mixed" => Mixed(),
            "Lookup" => Lookup(),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };

    public static Dictionary<string, Tensor> InputsOf(string name, bool half = false) =>
        name switch
        {
            "Convolution" => Single("x", half, 1, 3, 8, 8),
            "Lookup" => new() { ["ids"] = new Tensor<long>(new long[] { 3, 0, 39, 7 }, 1, 4) },
            "Branches" => new(Single("x", half, 2, 16)) { ["which"] = new Tensor<bool>(new[] { true }, []) },
            "Scan" => Single("x", half, 5, 16),
            _ => Single("x", half, 2, 16),
        };

    /// <summary>MatMul and Gemm with biases, LayerNormalization with all its outputs, Softmax.</summary>
    public static OnnxWriter Layers(OnnxTensor? first = null) =>
        new OnnxWriter("layers")
            .Input("x", OnnxType.Float, "batch", 16)
            .Output("y", OnnxType.Float, "batch", 8)
            .Output("mean", OnnxType.Float, "batch", 1)
            .Weight(first ?? OnnxTensor.Of("w1", [16, 64], Numbers(1, 16 * 64, 0.4f)))
            .Weight(OnnxTensor.Of("b1", [64], Numbers(2, 64, 0.2f)))
            .Weight(OnnxTensor.Of("scale", [64], Numbers(3, 64, 1f)))
            .Weight(OnnxTensor.Of("bias", [64], Numbers(4, 64, 0.1f)))
            .Weight(OnnxTensor.Of("w2", [8, 64], Numbers(5, 8 * 64, 0.4f)))
            .Weight(OnnxTensor.Of("b2", [8], Numbers(6, 8, 0.2f)))
            .Node(new OnnxNode("MatMul", ["x", "w1"], ["product"]))
            .Node(new OnnxNode("Add", ["product", "b1"], ["sum"]))
            .Node(new OnnxNode("Relu", ["sum"], ["positive"]))
            .Node(new OnnxNode("LayerNormalization", ["positive", "scale", "bias"], ["even", "mean"]))
            .Node(new OnnxNode("Gemm", ["even", "w2", "b2"], ["z"]) { Attributes = [OnnxAttribute.Int("transB", 1)] })
            .Node(new OnnxNode("Softmax", ["z"], ["y"]));

    /// <summary>Conv, pooling, Resize with its scales, which stay float32, ConvTranspose, and Reshape.</summary>
    private static OnnxWriter Convolution() =>
        new OnnxWriter("convolution")
            .Input("x", OnnxType.Float, 1, 3, 8, 8)
            .Output("y", OnnxType.Float, 1, 512)
            .Weight(OnnxTensor.Of("kernel", [8, 3, 3, 3], Numbers(1, 216, 0.3f)))
            .Weight(OnnxTensor.Of("kernel_bias", [8], Numbers(2, 8, 0.3f)))
            .Weight(OnnxTensor.Of("scales", [4], 1f, 1f, 2f, 2f))
            .Weight(OnnxTensor.Of("up", [8, 2, 2, 2], Numbers(3, 64, 0.3f)))
            .Weight(OnnxTensor.Of("shape", [2], 1L, -1L))
            .Node(
                new OnnxNode("Conv", ["x", "kernel", "kernel_bias"], ["seen"])
                {
                    Attributes = [OnnxAttribute.Ints("pads", 1, 1, 1, 1)],
                }
            )
            .Node(new OnnxNode("Relu", ["seen"], ["positive"]))
            .Node(
                new OnnxNode("MaxPool", ["positive"], ["pooled"])
                {
                    Attributes = [OnnxAttribute.Ints("kernel_shape", 2, 2), OnnxAttribute.Ints("strides", 2, 2)],
                }
            )
            .Node(
                new OnnxNode("Resize", ["pooled", "", "scales"], ["large"])
                {
                    Attributes = [OnnxAttribute.String("mode", "nearest")],
                }
            )
            .Node(
                new OnnxNode("ConvTranspose", ["large", "up"], ["larger"])
                {
                    Attributes = [OnnxAttribute.Ints("strides", 2, 2)],
                }
            )
            .Node(new OnnxNode("Reshape", ["larger", "shape"], ["y"]));

    /// <summary>If, with branches that read values and weights of the graph around, one of them through a kept operator.</summary>
    private static OnnxWriter Branches()
    {
        var yes = new OnnxWriter("yes")
            .Output("yes_out", OnnxType.Float, "batch", 16)
            .Weight(OnnxTensor.Of("inner", [16, 16], Numbers(7, 256, 0.3f)))
            .Node(new OnnxNode("MatMul", ["h", "inner"], ["inner_product"]))
            .Node(new OnnxNode("CumSum", ["inner_product", "axis"], ["summed"]))
            .Node(new OnnxNode("Add", ["summed", "shared"], ["yes_out"]));
        var no = new OnnxWriter("no")
            .Output("no_out", OnnxType.Float, "batch", 16)
            .Node(new OnnxNode("Mul", ["h", "shared"], ["no_out"]));
        return new OnnxWriter("branches")
            .Input("x", OnnxType.Float, "batch", 16)
            .Input("which", OnnxType.Bool)
            .Output("y", OnnxType.Float, "batch", 16)
            .Weight(OnnxTensor.Of("outer", [16, 16], Numbers(8, 256, 0.3f)))
            .Weight(OnnxTensor.Of("shared", [16], Numbers(9, 16, 0.5f)))
            .Weight(OnnxTensor.Of("axis", [], 1))
            .Node(new OnnxNode("MatMul", ["x", "outer"], ["h"]))
            .Node(
                new OnnxNode("If", ["which"], ["chosen"])
                {
                    Attributes = [OnnxAttribute.Graph("then_branch", yes), OnnxAttribute.Graph("else_branch", no)],
                }
            )
            .Node(new OnnxNode("Tanh", ["chosen"], ["y"]));
    }

    /// <summary>Loop with a value carried from round to round, whose type the body does not say, and one gathered from all.</summary>
    private static OnnxWriter Loop()
    {
        var body = new OnnxWriter("body")
            .Input("round", OnnxType.Int64)
            .Input("go", OnnxType.Bool)
            .Input("before", OnnxType.Float, "batch", 16)
            .OutputAsMade("go_on")
            .OutputAsMade("after")
            .OutputAsMade("seen")
            .Node(new OnnxNode("Identity", ["go"], ["go_on"]))
            .Node(new OnnxNode("MatMul", ["before", "turn"], ["turned"]))
            .Node(new OnnxNode("Constant", [], ["half"]) { Attributes = [OnnxAttribute.Float("value_float", 0.5f)] })
            .Node(new OnnxNode("Mul", ["turned", "half"], ["after"]))
            .Node(new OnnxNode("ReduceSumSquare", ["after"], ["seen"]));
        return new OnnxWriter("loop")
            .Input("x", OnnxType.Float, "batch", 16)
            .Output("y", OnnxType.Float, "batch", 16)
            .Output("history", OnnxType.Float, "rounds", 1, 1)
            .Weight(OnnxTensor.Of("times", [], 4L))
            .Weight(OnnxTensor.Of("yes", [], true))
            .Weight(OnnxTensor.Of("turn", [16, 16], Numbers(10, 256, 0.5f)))
            .Node(
                new OnnxNode("Loop", ["times", "yes", "x"], ["y", "history"])
                {
                    Attributes = [OnnxAttribute.Graph("body", body)],
                }
            );
    }

    private static OnnxWriter Scan()
    {
        var body = new OnnxWriter("body")
            .Input("sum", OnnxType.Float, 16)
            .Input("row", OnnxType.Float, 16)
            .Output("next", OnnxType.Float, 16)
            .Output("each", OnnxType.Float, 16)
            .Node(new OnnxNode("Add", ["sum", "row"], ["next"]))
            .Node(new OnnxNode("Mul", ["next", "factors"], ["each"]));
        return new OnnxWriter("scan")
            .Input("x", OnnxType.Float, "rows", 16)
            .Output("last", OnnxType.Float, 16)
            .Output("all", OnnxType.Float, "rows", 16)
            .Weight(OnnxTensor.Of("start", [16], Numbers(11, 16, 0.5f)))
            .Weight(OnnxTensor.Of("factors", [16], Numbers(12, 16, 0.5f)))
            .Node(
                new OnnxNode("Scan", ["start", "x"], ["last", "all"])
                {
                    Attributes = [OnnxAttribute.Graph("body", body), OnnxAttribute.Int("num_scan_inputs", 1)],
                }
            );
    }

    /// <summary>Operators that stay float32 between others, a weight that both read, casts, whole numbers and texts of shapes.</summary>
    private static OnnxWriter Mixed() =>
        new OnnxWriter("mixed")
            .Input("x", OnnxType.Float, "batch", 16)
            .Output("y", OnnxType.Float, "batch", 16)
            .Output("shape", OnnxType.Int64, 2)
            .Output("direct", OnnxType.Float, "batch", 16)
            .Weight(OnnxTensor.Of("both", [16], Numbers(13, 16, 0.5f)))
            .Weight(OnnxTensor.Of("axis", [], 1))
            .Weight(OnnxTensor.Of("zero", [], 0f))
            .Weight(OnnxTensor.Of("sixteen", [], 16f))
            .Weight(OnnxTensor.Of("one", [], 1f))
            .Weight(OnnxTensor.Of("last", [1], -1L))
            .Node(new OnnxNode("Add", ["x", "both"], ["moved"]))
            .Node(new OnnxNode("CumSum", ["moved", "axis"], ["sums"]))
            .Node(new OnnxNode("Celu", ["both"], ["bent"]))
            .Node(new OnnxNode("Range", ["zero", "sixteen", "one"], ["counted"]))
            .Node(new OnnxNode("Mul", ["sums", "bent"], ["scaled"]))
            .Node(new OnnxNode("Add", ["scaled", "counted"], ["raised"]))
            .Node(new OnnxNode("ReduceMax", ["raised", "last"], ["most"]))
            .Node(new OnnxNode("Greater", ["raised", "zero"], ["is_positive"]))
            .Node(
                new OnnxNode("Cast", ["is_positive"], ["positive"])
                {
                    Attributes = [OnnxAttribute.Int("to", (long)OnnxType.Float)],
                }
            )
            .Node(new OnnxNode("Shape", ["raised"], ["shape"]))
            .Node(new OnnxNode("ConstantOfShape", ["shape"], ["nothing"]))
            .Node(new OnnxNode("Sub", ["raised", "most"], ["below"]))
            .Node(new OnnxNode("Where", ["is_positive", "below", "nothing"], ["chosen"]))
            .Node(new OnnxNode("Add", ["chosen", "positive"], ["y"]))
            .Node(new OnnxNode("Celu", ["x"], ["direct"]));

    /// <summary>A table that is read by Gather, and by MatMul as well.</summary>
    private static OnnxWriter Lookup() =>
        new OnnxWriter("lookup")
            .Input("ids", OnnxType.Int64, "batch", "length")
            .Output("y", OnnxType.Float, "batch", "length", 40)
            .Weight(OnnxTensor.Of("table", [40, 40], Numbers(14, 1600, 0.4f)))
            .Weight(OnnxTensor.Of("head", [40, 40], Numbers(15, 1600, 0.4f)))
            .Node(new OnnxNode("Gather", ["table", "ids"], ["rows"]))
            .Node(new OnnxNode("MatMul", ["rows", "head"], ["mixed"]))
            .Node(new OnnxNode("MatMul", ["mixed", "table"], ["y"]));

    /// <summary>The same numbers each time, spread evenly on both sides of zero.</summary>
    public static float[] Numbers(int seed, int count, float limit)
    {
        // For a test model any numbers will do, but they must be the same each time.
#pragma warning disable CA5394
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 1) * limit)];
#pragma warning restore CA5394
    }

    private static Dictionary<string, Tensor> Single(string name, bool half, params long[] shape)
    {
        var numbers = Numbers(99, (int)shape.Aggregate(1L, (product, size) => product * size), 1);
        return new()
        {
            [name] = half
                ? new Tensor<Half>(Array.ConvertAll(numbers, number => (Half)number), shape)
                : new Tensor<float>(numbers, shape),
        };
    }
}
