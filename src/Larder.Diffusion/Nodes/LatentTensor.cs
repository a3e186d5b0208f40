using Larder.Diffusion.Models;
using Larder.Onnx;

namespace Larder.Diffusion.Nodes;

/// <summary>Latents as models take them.</summary>
internal static class LatentTensor
{
    /// <summary>One or more latents of a shape, one after the other.</summary>
    public static Tensor<float> Of(LatentShape shape, ReadOnlyMemory<float> values) =>
        new(values, values.Length / shape.Length, shape.Channels, shape.Frames, shape.Height, shape.Width);
}
