using Larder.Content;

namespace Larder.Store.Partial;

/// <summary>What a transfer that broke off has left.</summary>
/// <param name="Path">Its directory.</param>
/// <param name="Owner">Whose it was: the key of what was pulled.</param>
/// <param name="Bytes">Bytes of the disk that it takes.</param>
/// <param name="LastWrite">When something last arrived.</param>
internal sealed record LeftTransfer(string Path, Digest Owner, long Bytes, DateTimeOffset LastWrite);
