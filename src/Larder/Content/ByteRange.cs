namespace Larder.Content;

/// <summary>Some consecutive bytes of a file.</summary>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many there are.</param>
public readonly record struct ByteRange(long Offset, long Length);
