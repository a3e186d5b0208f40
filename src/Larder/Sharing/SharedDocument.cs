namespace Larder.Sharing;

/// <summary>A small object and all its bytes.</summary>
/// <param name="Seen">The object, in the version that was read.</param>
/// <param name="Content">Its bytes.</param>
public sealed record SharedDocument(SharedObject Seen, ReadOnlyMemory<byte> Content);
