using Larder.Content;

namespace Larder.Baking.Images;

/// <summary>Something in the file system of an image.</summary>
/// <param name="kind">What it is.</param>
internal sealed class ImageNode(ImageNodeKind kind)
{
    public ImageNodeKind Kind { get; } = kind;

    /// <summary>The layer that it came with last, counted from 0.</summary>
    public required int Layer { get; set; }

    /// <summary>What a directory has; null for others.</summary>
    public Dictionary<string, ImageNode>? Children { get; } =
        kind == ImageNodeKind.Directory ? new(StringComparer.Ordinal) : null;

    /// <summary>Where a symbolic link leads.</summary>
    public string LinkTarget { get; init; } = "";

    /// <summary>The length of a file.</summary>
    public long SizeBytes { get; init; }

    /// <summary>The digest of a file; null for one that nobody asked for.</summary>
    public Digest? Digest { get; init; }

    /// <summary>The bytes of a file; null for one that nobody asked for.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>Whether a file has the time that blobs have.</summary>
    public bool IsSealed { get; init; }
}
