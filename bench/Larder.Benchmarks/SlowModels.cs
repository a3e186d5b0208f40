using ModelGenerator.Onnx;

namespace Larder.Benchmarks;

/// <summary>Models that take their time to load, each for a reason of its own.</summary>
internal static class SlowModels
{
    /// <summary>
    /// Writes <c>chain-N</c>, N times four small operators of which two are constant; <c>convolutions</c>, fifty with
    /// normalisation, 30 MB; or <c>weights</c>, four matrices, 67 MB.
    /// </summary>
    public static void Write(string name, Stream stream)
    {
        var model = name switch
        {
            "convolutions" => Convolutions(count: 50, channels: 128),
            "weights" => Weights(count: 4, width: 2048),
            _ => Chain(int.Parse(name.AsSpan("chain-".Length), null)),
        };
        model.WriteTo(stream);
    }

    private static OnnxWriter Chain(int links)
    {
        var model = Model("chain", "batch", 8);
        for (var i = 0; i < links; i++)
        {
            model
                .Weight(OnnxTensor.Of($"a_{i}", [8], Values(8)))
                .Weight(OnnxTensor.Of($"b_{i}", [8], Values(8)))
                .Node(new OnnxNode("Add", [$"a_{i}", $"b_{i}"], [$"sum_{i}"]))
                .Node(new OnnxNode("Mul", [$"sum_{i}", $"a_{i}"], [$"constant_{i}"]))
                .Node(new OnnxNode("Add", [i == 0 ? "x" : $"link_{i - 1}", $"constant_{i}"], [$"moved_{i}"]))
                .Node(new OnnxNode("Relu", [$"moved_{i}"], [$"link_{i}"]));
        }
        return model.Node(new OnnxNode("Identity", [$"link_{links - 1}"], ["y"]));
    }

    private static OnnxWriter Convolutions(int count, int channels)
    {
        var model = Model("convolutions", 1, channels, 16, 16)
            .Weight(OnnxTensor.Of("zeros", [channels], new float[channels]))
            .Weight(OnnxTensor.Of("ones", [channels], [.. Enumerable.Repeat(1f, channels)]));
        for (var i = 0; i < count; i++)
        {
            model
                .Weight(OnnxTensor.Of($"kernel_{i}", [channels, channels, 3, 3], Values(channels * channels * 9)))
                .Weight(OnnxTensor.Of($"scale_{i}", [channels], Values(channels)))
                .Node(
                    new OnnxNode("Conv", [i == 0 ? "x" : $"layer_{i - 1}", $"kernel_{i}"], [$"convolved_{i}"])
                    {
                        Attributes = [OnnxAttribute.Ints("pads", [1, 1, 1, 1])],
                    }
                )
                .Node(
                    new OnnxNode(
                        "BatchNormalization",
                        [$"convolved_{i}", $"scale_{i}", "zeros", "zeros", "ones"],
                        [$"normal_{i}"]
                    )
                )
                .Node(new OnnxNode("Relu", [$"normal_{i}"], [$"layer_{i}"]));
        }
        return model.Node(new OnnxNode("Identity", [$"layer_{count - 1}"], ["y"]));
    }

    private static OnnxWriter Weights(int count, int width)
    {
        var model = Model("weights", "batch", width);
        for (var i = 0; i < count; i++)
        {
            model
                .Weight(OnnxTensor.Of($"matrix_{i}", [width, width], Values(width * width)))
                .Node(new OnnxNode("MatMul", [i == 0 ? "x" : $"row_{i - 1}", $"matrix_{i}"], [$"row_{i}"]));
        }
        return model.Node(new OnnxNode("Identity", [$"row_{count - 1}"], ["y"]));
    }

    private static OnnxWriter Model(string name, params ReadOnlySpan<OnnxDimension> shape) =>
        new OnnxWriter(name).Input("x", OnnxType.Float, shape).Output("y", OnnxType.Float, shape);

    // Always the same, and no two alike within one tensor of a reasonable size.
    private static float[] Values(int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (i % 8191 - 4096) / 65536f;
        return values;
    }
}
