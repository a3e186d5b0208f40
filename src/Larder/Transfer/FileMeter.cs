namespace Larder.Transfer;

/// <summary>Counts what one file of a transfer brings in.</summary>
internal sealed class FileMeter(ProgressMeter meter, string path, long? bytes, TimeProvider timeProvider)
{
    private readonly RateWindow _rate = new(timeProvider);
    private long _bytesDone;

    /// <summary>Bytes came from the origin; fewer than none where some must come again.</summary>
    public void Arrived(long count) => meter.Add(this, count, hasArrived: true);

    /// <summary>Bytes were there already.</summary>
    public void Found(long count) => meter.Add(this, count, hasArrived: false);

    /// <summary>Called by the meter, one after another.</summary>
    internal void Add(long count, bool hasArrived)
    {
        _bytesDone += count;
        if (hasArrived)
            _rate.Add(count);
    }

    internal FileProgress Now
    {
        get
        {
            var perSecond = _rate.PerSecond();
            return new FileProgress(path, _bytesDone, bytes)
            {
                BytesPerSecond = perSecond,
                TimeLeft = bytes is { } all ? RateWindow.TimeFor(all - _bytesDone, perSecond) : null,
            };
        }
    }
}
