using Larder.Content;
using Larder.Content.Hashing;

namespace Larder.Transfer;

/// <summary>Hashes together with other files that have a block at the same time.</summary>
internal sealed class LaneHash : IBlockHash
{
    private readonly HashLanes _lanes;
    private readonly Sha256Message _message = new();

    public LaneHash(HashLanes lanes)
    {
        _lanes = lanes;
        lanes.Enter();
    }

    public ValueTask AppendAsync(ReadOnlyMemory<byte> block) => new(_lanes.AppendAsync(_message, block));

    public Digest Finish() => _message.Finish();

    public void Reset() => _message.Reset();

    public void Dispose() => _lanes.Leave();
}
