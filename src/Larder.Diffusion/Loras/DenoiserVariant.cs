namespace Larder.Diffusion.Loras;

/// <summary>What is made of a denoiser before it is loaded.</summary>
public sealed record DenoiserVariant
{
    /// <summary>The LoRAs that are added to its weights, in this order; none.</summary>
    public IReadOnlyList<Lora> Loras { get; init; } = [];

    /// <summary>Whether its weights are kept as whole numbers of 8 bits, after the LoRAs were added; false.</summary>
    public bool IsQuantized { get; init; }

    /// <summary>The LoRAs that change anything.</summary>
    internal IReadOnlyList<Lora> Active => [.. Loras.Where(lora => lora.Strength != 0)];
}
