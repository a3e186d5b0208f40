using Larder.Diffusion.Caching;
using Larder.Diffusion.Presets;

namespace Larder.Cli.Demo.Video;

/// <summary>What the demonstration is asked for.</summary>
internal sealed record VideoRequest
{
    public required string Prompt { get; init; }

    public required string NegativePrompt { get; init; }

    public required long Seed { get; init; }

    public required Preset Preset { get; init; }

    public required PresetOptions Options { get; init; }

    public required IReadOnlyList<KeyframeFile> Keyframes { get; init; }

    public required VideoModelRequest Models { get; init; }
}
