namespace Larder.Baking;

/// <summary>What is wrong with a file of a model in an image.</summary>
public enum ImageFault
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>Something else is there.</summary>
    Different,

    /// <summary>A layer has it, and a later one takes it away or has something else in its place.</summary>
    Shadowed,
}
