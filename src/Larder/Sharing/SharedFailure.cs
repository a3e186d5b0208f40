namespace Larder.Sharing;

/// <summary>Why a shared store did not do what was asked.</summary>
public enum SharedFailure
{
    /// <summary>It does not answer, or says that it cannot now: trying again may help.</summary>
    Unavailable,

    /// <summary>The credentials are wrong, or do not allow it.</summary>
    Denied,

    /// <summary>The bucket, container or directory itself is not there.</summary>
    NotFound,

    /// <summary>It has no room.</summary>
    Full,

    /// <summary>What was seen is another by now, or gone.</summary>
    Changed,

    /// <summary>What it answers makes no sense, or cannot be used.</summary>
    Broken,
}
