using ModelGenerator.Onnx;

namespace Larder.Server.Tests.Inference;

/// <summary>The model of the protocol's own examples: input0 UINT32[2,2], input1 BOOL[3], output0 FP32[3,2].</summary>
/// <remarks>To 1, 2, 3, 4 and three times true it answers what the examples say; a row whose flag is false is zero.</remarks>
internal static class ProtocolModel
{
    private static readonly float[] Example = [1.0f, 1.1f, 2.0f, 2.1f, 3.0f, 3.1f];

    public static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllBytes(Path.Combine(directory, "model.onnx"), Model().ToArray());
    }

    // (example + difference of input0 from 1, 2, 3, 4, its rows above one another) · flags
    private static OnnxWriter Model() =>
        new OnnxWriter("protocol-example")
            .Input("input0", OnnxType.UInt32, 2, 2)
            .Input("input1", OnnxType.Bool, 3)
            .Output("output0", OnnxType.Float, 3, 2)
            .Weight(OnnxTensor.Of("expected", [2, 2], 1f, 2f, 3f, 4f))
            .Weight(OnnxTensor.Of("spread", [3, 2], 1f, 0f, 0f, 1f, 1f, 1f))
            .Weight(OnnxTensor.Of("example", [3, 2], Example))
            .Weight(OnnxTensor.Of("column", [2], 3L, 1L))
            .Node(Cast("input0", "numbers"))
            .Node(Cast("input1", "flags"))
            .Node(new OnnxNode("Sub", ["numbers", "expected"], ["difference"]))
            .Node(new OnnxNode("MatMul", ["spread", "difference"], ["rows"]))
            .Node(new OnnxNode("Add", ["example", "rows"], ["all"]))
            .Node(new OnnxNode("Reshape", ["flags", "column"], ["mask"]))
            .Node(new OnnxNode("Mul", ["all", "mask"], ["output0"]));

    private static OnnxNode Cast(string from, string to) =>
        new("Cast", [from], [to]) { Attributes = [OnnxAttribute.Int("to", (long)OnnxType.Float)] };
}
