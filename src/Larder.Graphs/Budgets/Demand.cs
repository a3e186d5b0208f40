namespace Larder.Graphs.Budgets;

/// <summary>An amount of room: graphs in all, and graphs and bytes on each device.</summary>
internal sealed class Demand
{
    private readonly Dictionary<string, DeviceDemand> _devices = new(StringComparer.Ordinal);

    /// <summary>Graphs, whatever device they lie on.</summary>
    public int Graphs { get; set; }

    public IReadOnlyDictionary<string, DeviceDemand> Devices => _devices;

    /// <summary>Whether nothing is wanted, or nothing any more.</summary>
    public bool IsMet => Graphs <= 0 && _devices.Values.All(device => device is { Graphs: <= 0, Bytes: <= 0 });

    /// <summary>Whether more than a number of graphs is wanted.</summary>
    public bool WantsBytes => _devices.Values.Any(device => device.Bytes > 0);

    public static Demand Of(GraphSize size)
    {
        var demand = new Demand();
        demand.Add(size);
        return demand;
    }

    public void Add(GraphSize size)
    {
        Graphs++;
        foreach (var (device, bytes) in size.Devices)
        {
            var wanted = _devices.GetValueOrDefault(device);
            _devices[device] = new(wanted.Graphs + 1, wanted.Bytes + bytes);
        }
    }

    /// <summary>Wants all that another wants as well.</summary>
    public void Add(Demand other)
    {
        Graphs += other.Graphs;
        foreach (var (device, more) in other._devices)
        {
            var wanted = _devices.GetValueOrDefault(device);
            _devices[device] = new(wanted.Graphs + more.Graphs, wanted.Bytes + more.Bytes);
        }
    }

    /// <summary>Wants that much of a device, whatever was wanted of it before.</summary>
    public void Set(string device, DeviceDemand wanted) => _devices[device] = wanted;

    /// <summary>Takes off what the removal of a graph would give.</summary>
    public void Subtract(GraphSize size) => Move(size, -1);

    /// <summary>Takes that back.</summary>
    public void Restore(GraphSize size) => Move(size, 1);

    /// <summary>Whether the removal of a graph would give some of what is wanted still.</summary>
    public bool IsHelpedBy(GraphSize size)
    {
        if (Graphs > 0)
            return true;
        foreach (var (device, bytes) in size.Devices)
        {
            if (_devices.TryGetValue(device, out var wanted) && (wanted.Graphs > 0 || (wanted.Bytes > 0 && bytes > 0)))
                return true;
        }
        return false;
    }

    private void Move(GraphSize size, int sign)
    {
        Graphs += sign;
        foreach (var (device, bytes) in size.Devices)
        {
            if (_devices.TryGetValue(device, out var wanted))
                _devices[device] = new(wanted.Graphs + sign, wanted.Bytes + (sign * bytes));
        }
    }
}
