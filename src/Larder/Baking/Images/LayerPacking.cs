namespace Larder.Baking.Images;

/// <summary>How a layer lies in an archive.</summary>
internal enum LayerPacking
{
    Plain,
    Gzip,
    Zstandard,
}
