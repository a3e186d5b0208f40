namespace Larder.Transfer;

/// <summary>How fast the connections of a transfer are, so that one that lags far behind the others is seen.</summary>
internal sealed class ConnectionRates
{
    /// <summary>A connection is a straggler when it is so many times slower than the median of the others.</summary>
    private const double Factor = 10;

    private readonly Lock _lock = new();
    private readonly List<ConnectionRate> _all = [];

    /// <summary>One more connection.</summary>
    public ConnectionRate Add()
    {
        var rate = new ConnectionRate(this);
        lock (_lock)
            _all.Add(rate);
        return rate;
    }

    /// <summary>The median rate of the others, in bytes a second, if this connection is that far behind it; else null.</summary>
    public double? WhatOthersHave(ConnectionRate own)
    {
        lock (_lock)
        {
            if (own.BytesPerSecond is not { } slow)
                return null;
            var others = _all.Where(rate => rate != own)
                .Select(rate => rate.BytesPerSecond)
                .OfType<double>()
                .Order()
                .ToList();
            return others.Count > 0 && others[others.Count / 2] is var median && slow * Factor < median ? median : null;
        }
    }
}
