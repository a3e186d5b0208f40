using Amazon.Runtime;

namespace Larder.S3;

/// <summary>Where an <see cref="S3Origin"/> finds its buckets, and how it asks for them.</summary>
/// <remarks>
/// Credentials are no part of it: they are found as the tools of AWS find them, in the environment, in profiles, or from the
/// machine that this runs on.
/// </remarks>
public sealed class S3OriginOptions
{
    /// <summary>
    /// The server, such as <c>http://127.0.0.1:7480</c>; null, the default, for what <c>AWS_ENDPOINT_URL_S3</c>,
    /// <c>AWS_ENDPOINT_URL</c> or the profile name, and else for AWS.
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>
    /// The region that requests are signed for; null, the default, for that of <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c> or
    /// the profile, and else <c>us-east-1</c>.
    /// </summary>
    public string? Region { get; set; }

    /// <summary>
    /// Whether the bucket stands in the path of a request and not in its host; null, the default, for true where a server is
    /// named, as few but AWS's own have a host for each bucket.
    /// </summary>
    public bool? PathStyle { get; set; }

    /// <summary>When checksums are asked for; <see cref="S3Checksums.WhenRequired"/>.</summary>
    public S3Checksums Checksums { get; set; } = S3Checksums.WhenRequired;

    /// <summary>Whether requests go unsigned, as to buckets that are open to all; false.</summary>
    public bool Anonymous { get; set; }

    /// <summary>How long a server may take to begin its answer; 60 s.</summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>For tests: credentials instead of those that are found.</summary>
    internal AWSCredentials? Credentials { get; set; }

    internal void Validate()
    {
        if (Endpoint is { } endpoint && EndpointFault(endpoint) is { } fault)
            throw new ArgumentException($"The endpoint {fault}", nameof(Endpoint));
        if (Region is { } region && RegionFault(region) is { } regionFault)
            throw new ArgumentException($"The region {regionFault}", nameof(Region));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AnswerTimeout, TimeSpan.Zero);
    }

    /// <summary>Says what is wrong with the address of a server, to be read after its name; null when nothing is.</summary>
    internal static string? EndpointFault(string endpoint)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return "is no address of a server; one such as https://s3.example.com or http://127.0.0.1:7480 is expected.";
        // Its text is not shown: it has a secret in it.
        if (uri.UserInfo.Length > 0)
            return "has a user or password in it. Credentials come from the environment or a profile: take them out.";
        return uri.Query.Length > 0 || uri.Fragment.Length > 0
            ? "has a query or a fragment. An address and, if need be, a path are expected."
            : null;
    }

    /// <summary>Says what is wrong with the name of a region, to be read after its name; null when nothing is.</summary>
    internal static string? RegionFault(string region) =>
        region.Length is > 0 and <= 63 && region.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
            ? null
            : "is no name of a region; letters, digits and '-' are expected, as in eu-central-1.";
}
