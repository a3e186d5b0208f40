using System.Runtime.InteropServices;
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

    /// <summary>y of a long chain that an optimiser makes half as long: each link has constants to be folded. Both [batch,4].</summary>
    public static byte[] Foldable(int links = 20) => Foldable(links, (_, tensor) => tensor);

    /// <summary>The same with one weight of 40 kB in a file beside it; returns that file's bytes.</summary>
    public static byte[] FoldableWithExternalData(string dataFile, out byte[] data)
    {
        var values = Enumerable.Range(0, 10_000).Select(i => i / 1e4f).ToArray();
        data = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        var bytes = data;
        return Foldable(
            links: 5,
            (model, end) =>
            {
                model
                    .Weight(OnnxTensor.External("wide", OnnxType.Float, [4, 2500], dataFile, 0, bytes.Length))
                    .Weight(OnnxTensor.Of("narrow", [2500, 4], values))
                    .Node(new OnnxNode("MatMul", [end, "wide"], ["spread"]))
                    .Node(new OnnxNode("MatMul", ["spread", "narrow"], ["gathered"]));
                return "gathered";
            }
        );
    }

    private static byte[] Foldable(int links, Func<OnnxWriter, string, string> finish)
    {
        var model = new OnnxWriter("foldable")
            .Input("x", OnnxType.Float, "batch", 4)
            .Output("y", OnnxType.Float, "batch", 4);
        var end = "x";
        for (var i = 0; i < links; i++)
        {
            model
                .Weight(OnnxTensor.Of($"left_{i}", [4], 0.1f * i, 0.2f, -0.3f, 0.4f))
                .Weight(OnnxTensor.Of($"right_{i}", [4], 0.5f, -0.25f * i, 0.125f, 1f))
                .Node(new OnnxNode("Mul", [$"left_{i}", $"right_{i}"], [$"constant_{i}"]))
                .Node(new OnnxNode("Add", [end, $"constant_{i}"], [$"sum_{i}"]))
                .Node(new OnnxNode("Relu", [$"sum_{i}"], [$"link_{i}"]));
            end = $"link_{i}";
        }
        return model.Node(new OnnxNode("Identity", [finish(model, end)], ["y"])).ToArray();
    }

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
