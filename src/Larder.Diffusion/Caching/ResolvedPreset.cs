using Larder.Content;
using Larder.Pull;

namespace Larder.Diffusion.Caching;

/// <summary>What a request came to the last time.</summary>
/// <param name="Graph">The key of the preset's graph.</param>
/// <param name="Version">The version of the models.</param>
/// <param name="Check">When that was last found to be the present one.</param>
/// <param name="Loras">The LoRAs in the models, which may be written to at any time.</param>
internal sealed record ResolvedPreset(EntryKey Graph, Digest Version, PullCheck Check, IReadOnlyList<LoraFile> Loras)
{
    /// <summary>Whether all LoRAs have the bytes that they had.</summary>
    public bool HasCurrentLoras
    {
        get
        {
            for (var place = 0; place < Loras.Count; place++)
            {
                if (!Loras[place].IsCurrent)
                    return false;
            }
            return true;
        }
    }
}
