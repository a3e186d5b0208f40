using System.Text.Json;
using System.Text.Json.Nodes;
using ModelGenerator.Onnx;

namespace ModelGenerator.Video;

/// <summary>The sample <c>video</c>: models that turn noise and a prompt into a clip of a moving shape.</summary>
internal static class VideoSample
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes the models and what goes with them.</summary>
    internal static void Write(string directory)
    {
        var basis = PatchBasis.Of(LatentGrid.Kinds);
        var prototypes = Prototypes.Of(basis);
        var loras = Loras.Of(basis, prototypes);

        Directory.CreateDirectory(Path.Combine(directory, "loras"));
        WriteModel("text_encoder", VideoModels.TextEncoder());
        WriteModel("denoiser", Denoiser.Model(prototypes));
        WriteModel("vae_encoder", VideoModels.Encoder(basis));
        WriteModel("vae_decoder", VideoModels.Decoder(basis));
        WriteModel("latent_upsampler", VideoModels.Upsampler(Doubling.Fit(prototypes)));
        foreach (var lora in loras)
            File.WriteAllBytes(Path.Combine(directory, "loras", $"{lora.Name}.safetensors"), lora.ToSafetensors());
        File.WriteAllText(Path.Combine(directory, "vocabulary.json"), Words());
        File.WriteAllText(Path.Combine(directory, "model.json"), ModelFacts.Write(loras));

        void WriteModel(string name, OnnxWriter model) =>
            File.WriteAllBytes(Path.Combine(directory, $"{name}.onnx"), model.ToArray());
    }

    private static string Words()
    {
        var words = new JsonObject();
        for (var i = 0; i < Vocabulary.Words.Count; i++)
            words.Add(Vocabulary.Words[i].Word, i + 1);
        return new JsonObject { ["padding"] = Vocabulary.Padding, ["words"] = words }.ToJsonString(Layout) + "\n";
    }
}
