namespace Larder.Origins;

/// <summary>Why an origin did not give what was asked.</summary>
public enum OriginFailure
{
    /// <summary>The origin answered that there is no such thing; asking again will not help.</summary>
    NotFound,

    /// <summary>The origin refuses this caller.</summary>
    Denied,

    /// <summary>The origin is down, slow or overloaded; asking later may help.</summary>
    Unavailable,

    /// <summary>A file changed or vanished between the listing and the reading.</summary>
    Changed,

    /// <summary>The origin sent a whole file where a part was asked for.</summary>
    NoRanges,

    /// <summary>The origin's answer makes no sense: a length that is not kept, an unexpected status, a name that is no path.</summary>
    Broken,
}
