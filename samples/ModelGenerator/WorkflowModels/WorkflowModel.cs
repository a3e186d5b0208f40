using System.Text.Json;
using ModelGenerator.Onnx;

namespace ModelGenerator.WorkflowModels;

/// <summary>The model that the sample workflow goes to work on: layers of a network of about 20 MB, and a word list.</summary>
/// <remarks>
/// Too large to be checked in and the same bytes on every machine. Its weights are random, but of the size that training
/// gives them, so that what the passes lose is what they would lose elsewhere.
/// </remarks>
public static class WorkflowModel
{
    /// <summary>The numbers that one input has: input <c>features</c>, float32, [batch, 256].</summary>
    public const int Features = 256;

    /// <summary>The classes that the model tells apart: output <c>probabilities</c>, float32, [batch, 10].</summary>
    public const int Classes = 10;

    private const int Width = 1024;
    private const int Blocks = 4;
    private const int Words = 2000;
    private const ulong Seed = 20;

    /// <summary>Writes <c>model.onnx</c> and <c>tokenizer.json</c>, over files of that name.</summary>
    public static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        using (var file = File.Create(Path.Combine(directory, "model.onnx")))
            Model().WriteTo(file);
        File.WriteAllText(Path.Combine(directory, "tokenizer.json"), Tokenizer());
    }

    private static OnnxWriter Model()
    {
        var random = new SplitMix64(Seed);
        var model = new OnnxWriter("workflow") { IrVersion = 8 }
            .Opset("", 17)
            .Metadata("sample", "workflow")
            .Input("features", OnnxType.Float, "batch", Features)
            .Output("probabilities", OnnxType.Float, "batch", Classes);

        var end = AddLayer(model, random, "first", "features", Features, Width);
        for (var i = 0; i < Blocks; i++)
            end = AddBlock(model, random, $"block_{i}", end);
        end = AddLayer(model, random, "narrow", end, Width, Width / 2);
        AddProduct(model, random, "last", end, Width / 2, Classes);
        return model.Node(
            new OnnxNode("Softmax", ["last_sum"], ["probabilities"]) { Attributes = [OnnxAttribute.Int("axis", -1)] }
        );
    }

    // A layer beside the values that go into it, and the sum of the two made even.
    private static string AddBlock(OnnxWriter model, SplitMix64 random, string name, string input)
    {
        var end = AddLayer(model, random, name, input, Width, Width);
        model
            .Node(new OnnxNode("Add", [end, input], [$"{name}_both"]))
            .Weight(OnnxTensor.Of($"{name}_scale", [Width], Numbers(random, Width, 0.9, 1.1)))
            .Weight(OnnxTensor.Of($"{name}_bias", [Width], Numbers(random, Width, -0.1, 0.1)))
            .Node(
                new OnnxNode("LayerNormalization", [$"{name}_both", $"{name}_scale", $"{name}_bias"], [$"{name}_even"])
                {
                    Attributes = [OnnxAttribute.Int("axis", -1)],
                }
            );
        return $"{name}_even";
    }

    private static string AddLayer(OnnxWriter model, SplitMix64 random, string name, string input, int from, int to)
    {
        AddProduct(model, random, name, input, from, to);
        model.Node(new OnnxNode("Relu", [$"{name}_sum"], [$"{name}_out"]));
        return $"{name}_out";
    }

    private static void AddProduct(OnnxWriter model, SplitMix64 random, string name, string input, int from, int to)
    {
        // As training begins: sums then have the size of what goes in, however many there are of them.
        var limit = Math.Sqrt(6.0 / from);
        model
            .Weight(OnnxTensor.Of($"{name}_weights", [from, to], Numbers(random, from * to, -limit, limit)))
            .Weight(OnnxTensor.Of($"{name}_biases", [to], Numbers(random, to, -0.1, 0.1)))
            .Node(new OnnxNode("MatMul", [input, $"{name}_weights"], [$"{name}_product"]))
            .Node(new OnnxNode("Add", [$"{name}_product", $"{name}_biases"], [$"{name}_sum"]));
    }

    private static float[] Numbers(SplitMix64 random, int count, double low, double high) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(low, high))];

    // Stands for the files beside a model that no pass changes and every user needs.
    private static string Tokenizer() =>
        JsonSerializer.Serialize(new { type = "words", words = Enumerable.Range(0, Words).Select(i => $"word-{i:D4}") })
        + "\n";
}
