namespace Larder.Transfer;

/// <summary>How a transfer behaves.</summary>
/// <param name="Connections">How many there are at once; 0 for as many as make it faster.</param>
/// <param name="IdleTimeout">How long an origin may send nothing before it counts as broken off.</param>
/// <param name="Retries">How often is asked again for what broke off, before anything more has arrived.</param>
internal sealed record TransferSettings(int Connections, TimeSpan IdleTimeout, int Retries)
{
    /// <summary>Of as many as make it faster, the first.</summary>
    public const int FewestAdaptive = 4;

    /// <summary>And no more than these.</summary>
    public const int MostAdaptive = 16;

    /// <summary>Fewer bytes a second than this, over half a minute, count as broken off; 0 for none.</summary>
    public long LeastBytesPerSecond { get; init; }

    /// <summary>Whether the number of connections follows what they bring.</summary>
    public bool IsAdaptive => Connections == 0;

    /// <summary>How many a transfer begins with.</summary>
    public int FirstConnections => IsAdaptive ? FewestAdaptive : Connections;
}
