using Larder.Passes.Keys;

namespace Larder.Diffusion.Caching;

/// <summary>A LoRA, its bytes and how strongly it is added.</summary>
/// <param name="File">Its file as it was read.</param>
/// <param name="Strength">How strongly.</param>
/// <param name="IsSettled">Whether a later write to the file would have to show in its times.</param>
internal readonly record struct LoraFile(FileDigest File, double Strength, bool IsSettled)
{
    /// <summary>Whether the file still has these bytes, as far as can be told without reading it.</summary>
    public bool IsCurrent => IsSettled && !File.HasChanged(CancellationToken.None);
}
