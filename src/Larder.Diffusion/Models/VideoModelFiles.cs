namespace Larder.Diffusion.Models;

/// <summary>Files to load in place of a directory's own, such as a denoiser with LoRAs in its weights.</summary>
/// <remarks>What is null is the directory's own, as its <c>model.json</c> names it.</remarks>
public sealed record VideoModelFiles
{
    /// <summary>The path of the text encoder.</summary>
    public string? TextEncoder { get; init; }

    /// <summary>The path of the denoiser.</summary>
    public string? Denoiser { get; init; }

    /// <summary>The path of what makes latents of pictures.</summary>
    public string? VaeEncoder { get; init; }

    /// <summary>The path of what makes pictures of latents.</summary>
    public string? VaeDecoder { get; init; }

    /// <summary>The path of what doubles the sides of latents.</summary>
    public string? LatentUpsampler { get; init; }
}
