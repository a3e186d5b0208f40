using System.Globalization;

namespace Larder.Diffusion.Models;

/// <summary>The sizes of a clip's latents.</summary>
/// <param name="Channels">The numbers of a token.</param>
/// <param name="Frames">The tokens in time.</param>
/// <param name="Height">The tokens from top to bottom.</param>
/// <param name="Width">The tokens from left to right.</param>
public readonly record struct LatentShape(int Channels, int Frames, int Height, int Width)
{
    /// <summary>The tokens: a place in time and picture each.</summary>
    public int Tokens => Frames * Height * Width;

    /// <summary>The numbers of all tokens.</summary>
    public int Length => Channels * Tokens;

    /// <summary>Such as <c>42×5×8×8</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Channels}×{Frames}×{Height}×{Width}");
}
