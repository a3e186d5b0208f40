using System.Globalization;
using System.Runtime.InteropServices;
using ModelGenerator.Onnx;

namespace ModelGenerator.Video;

/// <summary>A LoRA of the sample, read from its file, and the denoiser with it fused in.</summary>
internal sealed class LoraFile
{
    private readonly SafetensorsFile _file;

    internal LoraFile(string name) =>
        _file = new SafetensorsFile(File.ReadAllBytes(VideoPipeline.File($"loras/{name}.safetensors")));

    internal string Target => _file.Metadata["target"];

    internal int Rank => (int)A.Shape[0];

    internal double Alpha => double.Parse(_file.Metadata["alpha"], CultureInfo.InvariantCulture);

    internal (long[] Shape, float[] Values) A => _file[$"{Target}.lora_A"];

    internal (long[] Shape, float[] Values) B => _file[$"{Target}.lora_B"];

    /// <summary>alpha / rank * B * A, row by row.</summary>
    internal float[] Delta()
    {
        var (rows, columns) = ((int)B.Shape[0], (int)A.Shape[1]);
        var delta = new float[rows * columns];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            var sum = 0.0;
            for (var i = 0; i < Rank; i++)
                sum += B.Values[row * Rank + i] * A.Values[i * columns + column];
            delta[row * columns + column] = (float)(Alpha / Rank * sum);
        }
        return delta;
    }

    /// <summary>Writes the denoiser with this LoRA in the place of its target's numbers.</summary>
    internal void Fuse(string path, double strength)
    {
        var model = File.ReadAllBytes(VideoPipeline.File("denoiser.onnx"));
        var old = Initializer(model, Target);
        var place = model.AsSpan().IndexOf(old);
        Assert.Equal(place, model.AsSpan().LastIndexOf(old));
        var weights = MemoryMarshal.Cast<byte, float>(model.AsSpan(place, old.Length));
        var delta = Delta();
        Assert.Equal(weights.Length, delta.Length);
        for (var i = 0; i < delta.Length; i++)
            weights[i] += (float)(strength * delta[i]);
        File.WriteAllBytes(path, model);
    }

    internal static byte[] Initializer(byte[] model, string name)
    {
        const int Graph = 7;
        const int Initializers = 5;
        const int Name = 8;
        const int RawData = 9;
        var tensors = new WireMessage(model).Message(Graph).Messages(Initializers);
        return Assert.Single(tensors, tensor => tensor.Text(Name) == name).Bytes(RawData);
    }
}
