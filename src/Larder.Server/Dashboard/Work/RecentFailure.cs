namespace Larder.Server.Dashboard.Work;

/// <summary>A failure that callers were answered, once or several times in a row.</summary>
/// <param name="Method">The method of the request.</param>
/// <param name="Path">Its path, without the query.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The stable type of the problem.</param>
/// <param name="Detail">What the caller was told.</param>
/// <param name="First">When it came first.</param>
internal sealed record RecentFailure(
    string Method,
    string Path,
    int Status,
    string Type,
    string Detail,
    DateTimeOffset First
)
{
    /// <summary>How often it came.</summary>
    public int Count { get; init; } = 1;

    /// <summary>When it came last.</summary>
    public DateTimeOffset Last { get; init; } = First;

    /// <summary>Whether another one is the same but for its time.</summary>
    public bool IsLike(RecentFailure other) =>
        (Method, Path, Status, Type, Detail) == (other.Method, other.Path, other.Status, other.Type, other.Detail);
}
