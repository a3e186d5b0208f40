using Larder.Content;

namespace Larder.Server.Dashboard.Chains;

/// <summary>The stored result of one pass.</summary>
/// <param name="Name">The kind of pass.</param>
/// <param name="Version">The version of that kind.</param>
/// <param name="Config">Its options, JSON.</param>
/// <param name="Output">The version that it gave.</param>
internal sealed record PassStep(string Name, long Version, string Config, Digest Output)
{
    public required long SizeBytes { get; init; }

    /// <summary>How long it took to make.</summary>
    public required TimeSpan Duration { get; init; }

    public required DateTimeOffset LastUsed { get; init; }

    public required bool IsPinned { get; init; }

    /// <summary>The evaluations that have measured it.</summary>
    public IReadOnlyList<string> Evaluations { get; init; } = [];
}
