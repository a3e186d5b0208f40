using Larder.Diffusion.Graph;
using Larder.Diffusion.Models;

namespace Larder.Diffusion.Nodes;

/// <summary>Refuses latents that a node cannot work on.</summary>
internal static class LatentCheck
{
    /// <summary>Checks what came in at a port.</summary>
    /// <exception cref="DiffusionException">They are of another size, or have something in them that is no number.</exception>
    public static void Check(string node, GraphPort port, Latents latents, IReadOnlyList<LatentShape> shapes)
    {
        if (!shapes.Contains(latents.Shape))
            throw NodeFaults.Of(
                node,
                port.ToString(),
                $"They are {latents.Shape}; it takes {string.Join(" or ", shapes)} (channels, frames, height, width)."
            );
        var values = latents.Values.Span;
        for (var place = 0; place < values.Length; place++)
        {
            if (!float.IsFinite(values[place]))
                throw NodeFaults.Of(node, port.ToString(), $"Number {place} is {values[place]}: latents are finite.");
        }
    }
}
