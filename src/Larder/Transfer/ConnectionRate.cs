namespace Larder.Transfer;

/// <summary>How fast one connection is, counting only the time in which it waited for bytes.</summary>
internal sealed class ConnectionRate(ConnectionRates all)
{
    /// <summary>A rate is known after so much waiting, and then measured anew.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private long _bytes;
    private TimeSpan _waited;
    private long _known = -1;

    /// <summary>Null until it is known.</summary>
    public double? BytesPerSecond => Interlocked.Read(ref _known) is >= 0 and var known ? known : null;

    /// <summary>
    /// Notes bytes and how long they were waited for; returns the rate of the others when this turns out to be a straggler.
    /// </summary>
    public double? Add(int bytes, TimeSpan waited)
    {
        _bytes += bytes;
        _waited += waited;
        // What comes quickly is known after some megabytes: such a connection never waits for as long as a window.
        if (_waited < Window && _bytes < FileAssembly.BlockSizeBytes)
            return null;
        var isMeasured = _waited >= Window;
        Interlocked.Exchange(ref _known, (long)(_bytes / Math.Max(_waited.TotalSeconds, 1e-6)));
        _bytes = 0;
        _waited = TimeSpan.Zero;
        return isMeasured ? all.WhatOthersHave(this) : null;
    }

    /// <summary>A new request begins: it may be faster than the one before.</summary>
    public void Restart()
    {
        _bytes = 0;
        _waited = TimeSpan.Zero;
    }
}
