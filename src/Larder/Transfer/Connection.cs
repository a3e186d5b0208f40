namespace Larder.Transfer;

/// <summary>What belongs to one connection of a transfer, through all the requests that it makes.</summary>
internal sealed class Connection(ConnectionRate rate)
{
    private BlockBuffers? _buffers;

    /// <summary>Its memory; made when the first byte is fetched.</summary>
    public BlockBuffers Buffers => _buffers ??= new BlockBuffers();

    /// <summary>How fast it is.</summary>
    public ConnectionRate Rate => rate;
}
