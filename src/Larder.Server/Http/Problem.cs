namespace Larder.Server.Http;

/// <summary>A problem document of RFC 9457.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The last part of its stable type, <c>urn:larder:problem:…</c>.</param>
/// <param name="Title">What kind of problem it is, the same for every one of its type.</param>
/// <param name="Detail">What happened this time, and what to do.</param>
internal sealed record Problem(int Status, string Type, string Title, string Detail)
{
    /// <summary>Each faulty part of the request with its path; none for other problems.</summary>
    public IReadOnlyList<(string Path, string Message)> Errors { get; init; } = [];

    /// <summary>The methods that the route takes, where that was the problem.</summary>
    public string? Allow { get; init; }

    /// <summary>Which credentials are asked for, where they were the problem: the header WWW-Authenticate.</summary>
    public string? Challenge { get; init; }

    /// <summary>After how long it is worth trying again; null when nobody knows.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
