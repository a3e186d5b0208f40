namespace Larder.Recordings;

/// <summary>How far a live answer may be from its recording before it has drifted; nothing by default.</summary>
public sealed class DriftTolerance
{
    /// <summary>The difference of two numbers that does not count, 0.</summary>
    public double Absolute { get; set; }

    /// <summary>The difference of two numbers as a share of the larger one's magnitude that does not count, 0.</summary>
    public double Relative { get; set; }

    /// <summary>The edits between two texts, as a share of the longer one's length, that do not count, 0.</summary>
    public double Text { get; set; }

    /// <summary>For elements of tensors, images and audio: the absolute difference that does not count; null for <see cref="Absolute"/>.</summary>
    public double? TensorAbsolute { get; set; }

    /// <summary>The same as a share of the larger magnitude; null for <see cref="Relative"/>.</summary>
    public double? TensorRelative { get; set; }
}
