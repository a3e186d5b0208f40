namespace ModelGenerator.Video;

/// <summary>Where a clip's shape moves from the middle.</summary>
public enum ClipDirection
{
    /// <summary>Towards larger x.</summary>
    Right,

    /// <summary>Towards smaller x.</summary>
    Left,

    /// <summary>Towards smaller y.</summary>
    Up,

    /// <summary>Towards larger y.</summary>
    Down,
}
