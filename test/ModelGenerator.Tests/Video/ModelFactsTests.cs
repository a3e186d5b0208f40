using System.Text.Json;
using Larder.Onnx;

namespace ModelGenerator.Video;

public sealed class ModelFactsTests
{
    [Fact]
    public void Write_SizesAndFiles_AreThoseOfTheModels()
    {
        using var facts = JsonDocument.Parse(File.ReadAllBytes(VideoPipeline.File("model.json")));
        var latents = facts.RootElement.GetProperty("latents");
        using var denoiser = OnnxModel.Load(VideoPipeline.File("denoiser.onnx"));

        var shape = denoiser.Inputs.Single(input => input.Name == "latents").Shape;

        Assert.Equal(latents.GetProperty("channels").GetInt64(), shape[1].Size);
        Assert.Equal(latents.GetProperty("frames").GetInt64(), shape[2].Size);
        foreach (var file in facts.RootElement.GetProperty("files").EnumerateObject())
            Assert.True(File.Exists(VideoPipeline.File(file.Value.GetString()!)), file.Name);
        foreach (var lora in facts.RootElement.GetProperty("loras").EnumerateArray())
            Assert.True(File.Exists(VideoPipeline.File(lora.GetProperty("file").GetString()!)));
    }
}
