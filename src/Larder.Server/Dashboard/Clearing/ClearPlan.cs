namespace Larder.Server.Dashboard.Clearing;

/// <summary>What a clear would do now: what its reader agrees to.</summary>
/// <param name="Target">What was chosen.</param>
/// <param name="Preview">What would go and what would stay.</param>
/// <param name="Unloaded">The models that would be unloaded first, as nobody is using them.</param>
internal sealed record ClearPlan(ClearTarget Target, ClearPreview Preview, IReadOnlyList<string> Unloaded)
{
    /// <summary>Whether there is nothing that would go.</summary>
    public bool IsEmpty => Preview.Removed.Count == 0 && Preview.FreedBytes == 0;
}
