namespace Larder.Store.Index;

/// <summary>Tells whether the names in a directory may have changed since they were last listed.</summary>
/// <remarks>
/// By its modification time, which the kernel takes from a clock that ticks only now and then: a listing in the same tick as a
/// change may have missed it. So a time is believed only once a listing saw it some while after it was first seen. No wall
/// clock is compared with another.
/// </remarks>
internal sealed class WatchedDirectory(TimeProvider timeProvider)
{
    // Longer than the coarsest time stamps in use: two seconds.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private (ulong Inode, long Modified) _seen;
    private long _seenAt;
    private bool _isSettled;

    /// <summary>Whether the directory has to be listed now; the caller then does so.</summary>
    public bool MustList(in FileStatus status)
    {
        var seen = (status.Inode, status.ModifiedNanoseconds);
        if (seen == _seen)
        {
            if (_isSettled)
                return false;
            _isSettled = timeProvider.GetElapsedTime(_seenAt) >= Settling;
            return true;
        }
        _seen = seen;
        _seenAt = timeProvider.GetTimestamp();
        _isSettled = false;
        return true;
    }
}
