using Larder.Server.Access;
using Larder.Server.Dashboard.Clearing;

namespace Larder.Server.Dashboard.Pages;

/// <summary>What the page shows that asks before something is cleared.</summary>
/// <param name="Plan">What would go.</param>
/// <param name="Caller">Who is asked.</param>
/// <param name="FormToken">What the form carries.</param>
/// <param name="HasChanged">Whether more would go than the page said that he agreed to.</param>
internal sealed record ClearView(ClearPlan Plan, Caller Caller, string FormToken, bool HasChanged)
{
    /// <summary>Whether he may say yes.</summary>
    public bool CanAdmin => Caller.Has(Scope.Admin);
}
