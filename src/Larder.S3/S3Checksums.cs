namespace Larder.S3;

/// <summary>When checksums that are an addition to S3's protocol are asked for.</summary>
public enum S3Checksums
{
    /// <summary>Only where an operation cannot do without: what every server that speaks S3 understands.</summary>
    WhenRequired,

    /// <summary>Wherever an operation has them: an object that is read whole is held against its own too.</summary>
    WhenSupported,
}
