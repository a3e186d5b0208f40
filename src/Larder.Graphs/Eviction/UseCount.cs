namespace Larder.Graphs.Eviction;

/// <summary>How often a graph was used, and how much of that still counts.</summary>
/// <remarks>
/// A hit only adds one; what ages is brought up to date now and then (<see cref="AgeTo"/>), since a power for every hit would
/// cost as much as the hit. Guarded by the cache's lock.
/// </remarks>
internal struct UseCount
{
    /// <summary>The time in which a use loses half its weight.</summary>
    /// <remarks>
    /// Half a day of work: long enough to tell the popular from the lucky where requests come minutes apart, short enough to follow
    /// who uses what by day. How much shorter and longer ones cost is in <c>bench/README.md</c>.
    /// </remarks>
    public static readonly TimeSpan HalfLife = TimeSpan.FromHours(4);

    private static readonly TimeSpan Step = HalfLife / 32;

    private double _aged;
    private long _recent;
    private DateTimeOffset _agedAt;

    public UseCount(long uses, double aged, DateTimeOffset agedAt)
    {
        Total = uses;
        _aged = aged;
        _agedAt = agedAt;
    }

    /// <summary>All uses.</summary>
    public long Total { get; private set; }

    public void Add()
    {
        Total++;
        _recent++;
    }

    /// <summary>Brings the uses up to date when that was last done so long ago that it matters when they were.</summary>
    public void AgeNowAndThen(DateTimeOffset now)
    {
        if (now - _agedAt > Step)
            AgeTo(now);
        else
            Count();
    }

    /// <summary>The uses that count still: half of those of a half-life ago, a quarter of those of two.</summary>
    public double AgeTo(DateTimeOffset now)
    {
        var passed = now - _agedAt;
        if (passed > TimeSpan.Zero)
        {
            _aged *= double.Exp2(-(passed / HalfLife));
            _agedAt = now;
        }
        Count();
        return _aged;
    }

    // Before time passes: what is left uncounted would be as good as new hours later, however long ago it was.
    private void Count()
    {
        _aged += _recent;
        _recent = 0;
    }
}
