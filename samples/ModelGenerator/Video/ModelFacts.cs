using System.Text.Json;

namespace ModelGenerator.Video;

/// <summary><c>model.json</c>: what a caller of the models must know that their files do not say.</summary>
internal static class ModelFacts
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n" };

    internal static string Write(IReadOnlyList<Lora> loras) => JsonSerializer.Serialize(Document(loras), Layout) + "\n";

    private static object Document(IReadOnlyList<Lora> loras) =>
        new
        {
            name = "video",
            files = new
            {
                vocabulary = "vocabulary.json",
                text_encoder = "text_encoder.onnx",
                denoiser = "denoiser.onnx",
                vae_encoder = "vae_encoder.onnx",
                vae_decoder = "vae_decoder.onnx",
                latent_upsampler = "latent_upsampler.onnx",
            },
            video = new
            {
                frames = Clip.Frames,
                frames_per_second = 8,
                width = Clip.FullSize,
                height = Clip.FullSize,
                half_width = Clip.HalfSize,
                half_height = Clip.HalfSize,
                lowest = -1,
                highest = 1,
            },
            latents = new
            {
                channels = LatentGrid.Channels,
                spatial_factor = LatentGrid.Spatial,
                temporal_factor = LatentGrid.Temporal,
                is_causal = true,
                frames = LatentGrid.Frames,
                full = new
                {
                    height = LatentGrid.FullSide,
                    width = LatentGrid.FullSide,
                    tokens = LatentGrid.FullTokens,
                },
                half = new
                {
                    height = LatentGrid.HalfSide,
                    width = LatentGrid.HalfSide,
                    tokens = LatentGrid.HalfTokens,
                },
            },
            text = new { padding = Vocabulary.Padding, context_size = Vocabulary.Meanings },
            denoiser = new { prediction = "velocity", guidance = 4 },
            schedule = new
            {
                // As upstream: the same shift whatever the size of the clip.
                tokens = 4096,
                base_shift = 0.95,
                base_tokens = 1024,
                max_shift = 2.05,
                max_tokens = 4096,
                terminal = 0.1,
                sigmas = new
                {
                    distilled = Sigmas.Distilled,
                    stage_2_distilled = Sigmas.SecondStage,
                    stage_2_multi_gpu = Sigmas.SecondStageInTwoSteps,
                },
            },
            loras = loras.Select(lora => new
            {
                name = lora.Name,
                file = $"loras/{lora.Name}.safetensors",
                target = lora.Target,
                rank = lora.Rank,
                about = lora.About,
            }),
        };
}
