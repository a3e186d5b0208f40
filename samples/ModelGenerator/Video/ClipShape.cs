namespace ModelGenerator.Video;

/// <summary>What moves in a clip. All shapes have the same area, so that no clip is louder than another.</summary>
public enum ClipShape
{
    /// <summary>Its sides lie along the picture's.</summary>
    Square,

    /// <summary>A full disc.</summary>
    Circle,

    /// <summary>Its tip points upwards.</summary>
    Triangle,

    /// <summary>A square that stands on a corner. No clip that the models know has it: what a LoRA makes of the circle.</summary>
    Diamond,
}
