using Larder.Content;

namespace Larder.Transfer;

/// <summary>The SHA-256 of a file, appended to block by block.</summary>
internal interface IBlockHash : IDisposable
{
    /// <summary>Appends the next block.</summary>
    /// <param name="block">Read from until this is done.</param>
    ValueTask AppendAsync(ReadOnlyMemory<byte> block);

    /// <summary>The digest of all that was appended.</summary>
    Digest Finish();

    /// <summary>Forgets what was appended.</summary>
    void Reset();
}
