using ModelGenerator.Onnx;

namespace Larder.Onnx.Tests;

/// <summary>The small models that the tests run.</summary>
internal static class Models
{
    /// <summary>y = x, for any element type, with shape [n].</summary>
    public static byte[] Identity(OnnxType type, string dimension = "n") =>
        new OnnxWriter("identity")
            .Input("x", type, dimension)
            .Output("y", type, dimension)
            .Node(new OnnxNode("Identity", ["x"], ["y"]))
            .ToArray();

    /// <summary>sum = a + b and product = a · b, both [batch,1].</summary>
    public static byte[] SumAndProduct() =>
        new OnnxWriter("sum-and-product")
            .Input("a", OnnxType.Float, "batch", 1)
            .Input("b", OnnxType.Float, "batch", 1)
            .Output("sum", OnnxType.Float, "batch", 1)
            .Output("product", OnnxType.Float, "batch", 1)
            .Node(new OnnxNode("Add", ["a", "b"], ["sum"]))
            .Node(new OnnxNode("Mul", ["a", "b"], ["product"]))
            .ToArray();

    /// <summary>y = x after a loop without end: only a cancellation ends its run.</summary>
    public static byte[] Endless()
    {
        var body = new OnnxWriter("body")
            .Input("iteration", OnnxType.Int64)
            .Input("go", OnnxType.Bool)
            .Input("before", OnnxType.Float, 2)
            .Output("go_on", OnnxType.Bool)
            .Output("after", OnnxType.Float, 2)
            .Node(new OnnxNode("Identity", ["go"], ["go_on"]))
            .Node(new OnnxNode("Identity", ["before"], ["after"]));
        return new OnnxWriter("endless")
            .Input("x", OnnxType.Float, 2)
            .Output("y", OnnxType.Float, 2)
            .Weight(OnnxTensor.Of("times", [], long.MaxValue))
            .Weight(OnnxTensor.Of("yes", [], true))
            .Node(
                new OnnxNode("Loop", ["times", "yes", "x"], ["y"]) { Attributes = [OnnxAttribute.Graph("body", body)] }
            )
            .ToArray();
    }
}
