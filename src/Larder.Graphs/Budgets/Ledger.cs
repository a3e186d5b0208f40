namespace Larder.Graphs.Budgets;

/// <summary>What all graphs take, and whether there is room for more.</summary>
/// <remarks>Not safe for several threads: the cache's lock guards it.</remarks>
internal sealed class Ledger
{
    private readonly Dictionary<string, DeviceAccount> _devices = new(StringComparer.Ordinal);
    private int _maxGraphs;

    /// <summary>Graphs that count, in any phase.</summary>
    public int Graphs { get; private set; }

    /// <summary>Those of them whose disposal did not end in time.</summary>
    public int Lost { get; private set; }

    public IEnumerable<DeviceAccount> Devices => _devices.Values;

    /// <summary>Graphs that are being disposed, and not late.</summary>
    public int Draining { get; private set; }

    /// <summary>Takes over limits; what is there stays there, also where it is more than they allow.</summary>
    public void Limit(Settings settings)
    {
        _maxGraphs = settings.MaxGraphs;
        foreach (var account in _devices.Values)
            (account.MaxBytes, account.MaxGraphs) = (long.MaxValue, int.MaxValue);
        foreach (var (device, budget) in settings.Devices)
        {
            var account = Account(device);
            (account.MaxBytes, account.MaxGraphs) = (
                budget.MaxBytes ?? long.MaxValue,
                budget.MaxGraphs ?? int.MaxValue
            );
        }
    }

    public void Enter(GraphSize size, Phase phase)
    {
        Graphs++;
        Count(phase, 1);
        foreach (var (device, bytes) in size.Devices)
            Account(device).Enter(bytes, phase);
    }

    public void Leave(GraphSize size, Phase phase)
    {
        Graphs--;
        Count(phase, -1);
        foreach (var (device, bytes) in size.Devices)
            Account(device).Leave(bytes, phase);
    }

    public void Move(GraphSize size, Phase from, Phase to)
    {
        Leave(size, from);
        Enter(size, to);
    }

    /// <summary>Whether there is room for that now, and still for those who came before.</summary>
    public bool Fits(Demand need, Demand ahead) =>
        need.Graphs + ahead.Graphs <= _maxGraphs - Graphs
        && need.Devices.All(pair =>
            Account(pair.Key) is var account
            && ahead.Devices.GetValueOrDefault(pair.Key) is var before
            && pair.Value.Graphs + before.Graphs <= account.MaxGraphs - account.Graphs
            && pair.Value.Bytes + before.Bytes <= account.MaxBytes - account.Bytes
        );

    /// <summary>The first limit that a demand is above all by itself; null when it fits an empty cache.</summary>
    public LimitExcess? FindNeverFits(Demand need)
    {
        if (need.Graphs > _maxGraphs)
            return new(null, IsBytes: false, _maxGraphs, need.Graphs);
        foreach (var (device, wanted) in need.Devices)
        {
            var account = Account(device);
            if (wanted.Graphs > account.MaxGraphs)
                return new(device, IsBytes: false, account.MaxGraphs, wanted.Graphs);
            if (wanted.Bytes > account.MaxBytes)
                return new(device, IsBytes: true, account.MaxBytes, wanted.Bytes);
        }
        return null;
    }

    /// <summary>What has to go for a demand to fit behind those who came before, beyond what is being disposed already.</summary>
    public Demand ShortOf(Demand need, Demand ahead)
    {
        var missing = new Demand { Graphs = need.Graphs + ahead.Graphs + Graphs - Draining - _maxGraphs };
        foreach (var (device, wanted) in need.Devices)
        {
            var account = Account(device);
            var before = ahead.Devices.GetValueOrDefault(device);
            var graphs =
                account.Graphs - account.DrainingGraphs + wanted.Graphs + before.Graphs - (long)account.MaxGraphs;
            var bytes =
                account.Bytes - account.BytesIn(Phase.Draining) + wanted.Bytes + before.Bytes - account.MaxBytes;
            missing.Set(device, new((int)Math.Max(graphs, 0), Math.Max(bytes, 0)));
        }
        return missing;
    }

    /// <summary>What has to go for the limits to be kept, beyond what is being disposed already.</summary>
    public Demand Excess()
    {
        var nothing = new Demand();
        foreach (var device in _devices.Keys)
            nothing.Set(device, default);
        return ShortOf(nothing, new Demand());
    }

    public DeviceAccount Account(string device)
    {
        if (!_devices.TryGetValue(device, out var account))
            _devices.Add(device, account = new DeviceAccount(device));
        return account;
    }

    /// <summary>What is in the way of a demand, in words.</summary>
    public string Explain(Demand need)
    {
        foreach (var (device, wanted) in need.Devices)
        {
            var account = Account(device);
            if (wanted.Bytes > account.MaxBytes - account.Bytes)
                return $"it needs {wanted.Bytes:N0} bytes on {device}, where of {account.MaxBytes:N0} loaded graphs have {account.BytesIn(Phase.Used):N0}, loads under way {account.BytesIn(Phase.Reserved):N0}, graphs being disposed {account.BytesIn(Phase.Draining):N0} and graphs whose disposal is late {account.BytesIn(Phase.Lost):N0}";
            if (wanted.Graphs > account.MaxGraphs - account.Graphs)
                return $"it needs room for {wanted.Graphs} on {device}, where {account.Graphs} of at most {account.MaxGraphs} graphs are";
        }
        return $"it needs room for {need.Graphs} where {Graphs} of at most {_maxGraphs} graphs are";
    }

    private void Count(Phase phase, int sign)
    {
        if (phase is Phase.Draining)
            Draining += sign;
        else if (phase is Phase.Lost)
            Lost += sign;
    }
}
