namespace ModelGenerator.Video;

/// <summary>The colour of a clip's shape.</summary>
public enum ClipColour
{
    /// <summary>As in <see cref="Palette"/>.</summary>
    Red,

    /// <summary>As in <see cref="Palette"/>.</summary>
    Green,

    /// <summary>As in <see cref="Palette"/>.</summary>
    Blue,

    /// <summary>As in <see cref="Palette"/>.</summary>
    Yellow,

    /// <summary>No clip that the models know has it: what a LoRA makes of red.</summary>
    Purple,
}
