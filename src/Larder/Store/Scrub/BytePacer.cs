namespace Larder.Store.Scrub;

/// <summary>Slows a reader down to so many bytes in a second.</summary>
/// <remarks>For one reader. Time in which it did not read is not made up for later: the rate is a limit, not an average.</remarks>
internal sealed class BytePacer(long bytesPerSecond, TimeProvider timeProvider)
{
    // A timer for every block of a quick reader would be work for nothing.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    private long _begin = timeProvider.GetTimestamp();
    private TimeSpan _due;

    /// <summary>Waits until so many bytes were allowed to be read.</summary>
    public async ValueTask PaceAsync(int count, CancellationToken cancellationToken)
    {
        var elapsed = timeProvider.GetElapsedTime(_begin);
        if (elapsed > _due)
        {
            _begin = timeProvider.GetTimestamp();
            (elapsed, _due) = (TimeSpan.Zero, TimeSpan.Zero);
        }
        _due += TimeSpan.FromSeconds((double)count / bytesPerSecond);
        if (_due - elapsed >= Shortest)
            await Task.Delay(_due - elapsed, timeProvider, cancellationToken).ConfigureAwait(false);
    }
}
