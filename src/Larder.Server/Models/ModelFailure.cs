using Larder.Origins;

namespace Larder.Server.Models;

/// <summary>What went wrong with a model, and when.</summary>
/// <param name="Failure">What it was.</param>
/// <param name="At">When it was.</param>
internal sealed record ModelFailure(Exception Failure, DateTimeOffset At)
{
    /// <summary>Whether the origin only could not be asked, so that what is stored may stand in for its answer.</summary>
    public bool IsOutage => Failure is OriginException { Failure: OriginFailure.Unavailable or OriginFailure.Changed };
}
