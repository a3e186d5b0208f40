namespace Larder.Server.Reloading;

/// <summary>How the configuration of a running server stands.</summary>
/// <param name="LoadedAt">When what is in force was read.</param>
internal sealed record ConfigurationStatus(DateTimeOffset LoadedAt)
{
    /// <summary>Why the file as it is now is not in force; null when it is.</summary>
    public string? Error { get; init; }

    /// <summary>When that was found.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Settings that were changed and need a restart; none when all are in force.</summary>
    public IReadOnlyList<string> NeedRestart { get; init; } = [];

    /// <summary>How often changes were taken over.</summary>
    public int Reloads { get; init; }

    /// <summary>How often they were refused.</summary>
    public int Failures { get; init; }
}
