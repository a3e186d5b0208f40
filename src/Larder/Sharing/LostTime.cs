namespace Larder.Sharing;

/// <summary>The time on the wall that spans cover together, spans that overlap counting once; in timestamps of a clock.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class LostTime
{
    /// <summary>Disjoint and ascending; those that no later span can reach are only a sum.</summary>
    private readonly List<(long From, long To)> _spans = [];

    private long _before;

    /// <summary>All of it.</summary>
    public long Total => _before + _spans.Sum(span => span.To - span.From);

    /// <summary>What it would be with one span more.</summary>
    public long TotalWith(long from, long to) =>
        Total + (to - from) - _spans.Sum(span => Math.Max(0, Math.Min(span.To, to) - Math.Max(span.From, from)));

    /// <summary>Adds a span.</summary>
    /// <param name="from">Its begin.</param>
    /// <param name="to">Its end, not before that of any other.</param>
    /// <param name="oldest">No later span begins before this.</param>
    public void Add(long from, long to, long oldest)
    {
        for (var last = _spans.Count - 1; last >= 0 && _spans[last].To >= from; last--)
        {
            from = Math.Min(from, _spans[last].From);
            _spans.RemoveAt(last);
        }
        _spans.Add((from, to));
        var settled = _spans.FindIndex(span => span.To > oldest);
        var count = settled < 0 ? _spans.Count : settled;
        _before += _spans.Take(count).Sum(span => span.To - span.From);
        _spans.RemoveRange(0, count);
    }

    public void Clear()
    {
        _spans.Clear();
        _before = 0;
    }
}
