using System.Security.Cryptography;
using Larder.Content;

namespace Larder.Transfer;

/// <summary>Hashes on the thread that has the block, as the platform does it.</summary>
internal sealed class PlatformHash : IBlockHash
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ValueTask AppendAsync(ReadOnlyMemory<byte> block)
    {
        _hash.AppendData(block.Span);
        return ValueTask.CompletedTask;
    }

    public Digest Finish() => Digest.FromBytes(_hash.GetHashAndReset());

    public void Reset() => _hash.GetHashAndReset();

    public void Dispose() => _hash.Dispose();
}
