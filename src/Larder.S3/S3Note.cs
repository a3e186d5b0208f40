namespace Larder.S3;

/// <summary>What became of what was sent.</summary>
internal sealed class S3Note
{
    /// <summary>Whether anything was.</summary>
    public bool IsSent { get; set; }

    /// <summary>When the server answered, by its own clock; null where it did not say.</summary>
    public DateTimeOffset? ServerTime { get; set; }
}
