namespace Larder.Server.Models;

/// <summary>How a served model stands at one moment.</summary>
internal sealed record Standing
{
    /// <summary>The version that answers; null while requests find one out for themselves.</summary>
    public ServedVersion? Answer { get; init; }

    /// <summary>The version that answered before: it is being unloaded, or comes back if the present one cannot be loaded.</summary>
    public ServedVersion? Previous { get; init; }

    /// <summary>A newer version that is being loaded, or could not be.</summary>
    public ServedVersion? Next { get; init; }

    /// <summary>Why <see cref="Next"/> could not be loaded; null while it is.</summary>
    public ModelFailure? NextFailure { get; init; }

    /// <summary>Why the origin could not be asked the last time; null when it answered.</summary>
    public ModelFailure? AskFailure { get; init; }

    /// <summary>How often in a row that was.</summary>
    public int AskFailures { get; init; }

    /// <summary>When the origin is to be asked in the background; never while nothing answers.</summary>
    public DateTimeOffset AskAt { get; init; } = DateTimeOffset.MaxValue;
}
