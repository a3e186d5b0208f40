namespace Larder.Passes.Running;

/// <summary>One thing in which two requests differ.</summary>
/// <param name="Path">Where in the request, such as <c>config.per_channel</c>.</param>
/// <param name="Here">What the workflow's has, as JSON; null where it has nothing.</param>
/// <param name="There">What the stored one has, as JSON; null where it has nothing.</param>
public sealed record KeyDifference(string Path, string? Here, string? There)
{
    /// <summary>In words: <c>config.per_channel: true here, false there</c>.</summary>
    public override string ToString() => $"{Path}: {Here ?? "nothing"} here, {There ?? "nothing"} there";
}
