namespace Larder.Transfer;

/// <summary>What all transfers of a cache go by.</summary>
/// <param name="Settings">How they behave.</param>
/// <param name="Bandwidth">What they may take together.</param>
/// <param name="Time">The clock.</param>
internal sealed record TransferContext(TransferSettings Settings, BandwidthLimit Bandwidth, TimeProvider Time)
{
    /// <summary>Hashes what they bring, that of all of them together.</summary>
    public HashLanes Hashes { get; } = new();
}
