namespace Larder.Baking.Images;

/// <summary>What something in the file system of an image is.</summary>
internal enum ImageNodeKind
{
    Directory,
    File,
    Link,

    /// <summary>A device, a pipe, or a file that no program can lay out from a layer.</summary>
    Other,
}
