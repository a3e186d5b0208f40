namespace Larder.Graphs.Budgets;

/// <summary>What lies on one device, and how much may.</summary>
internal sealed class DeviceAccount(string device)
{
    private readonly long[] _bytes = new long[Enum.GetValues<Phase>().Length];

    public string Device => device;

    public long MaxBytes { get; set; } = long.MaxValue;

    public int MaxGraphs { get; set; } = int.MaxValue;

    /// <summary>Graphs that count here, in any phase.</summary>
    public int Graphs { get; private set; }

    /// <summary>Those of them that are on their way out: drained, sooner or later, without anybody's doing.</summary>
    public int DrainingGraphs { get; private set; }

    /// <summary>Bytes that count here, in any phase.</summary>
    public long Bytes { get; private set; }

    public long BytesIn(Phase phase) => _bytes[(int)phase];

    public void Enter(long bytes, Phase phase)
    {
        Graphs++;
        Bytes += bytes;
        Count(bytes, phase, 1);
    }

    public void Leave(long bytes, Phase phase)
    {
        Graphs--;
        Bytes -= bytes;
        Count(bytes, phase, -1);
    }

    public DeviceStatistics ToStatistics() =>
        new()
        {
            Device = device,
            Graphs = Graphs,
            MaxBytes = MaxBytes is long.MaxValue ? null : MaxBytes,
            MaxGraphs = MaxGraphs is int.MaxValue ? null : MaxGraphs,
            UsedBytes = BytesIn(Phase.Used),
            ReservedBytes = BytesIn(Phase.Reserved),
            DrainingBytes = BytesIn(Phase.Draining),
            LostBytes = BytesIn(Phase.Lost),
        };

    private void Count(long bytes, Phase phase, int sign)
    {
        _bytes[(int)phase] += sign * bytes;
        if (phase is Phase.Draining)
            DrainingGraphs += sign;
    }
}
