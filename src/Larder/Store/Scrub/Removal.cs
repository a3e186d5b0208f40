namespace Larder.Store.Scrub;

/// <summary>What became of something damaged.</summary>
/// <param name="QuarantinePath">Where it lies now; null when it was not moved.</param>
/// <param name="IsReplaced">Whether somebody had put another in its place before it could be moved.</param>
/// <param name="Deed">The same in a sentence.</param>
internal sealed record Removal(string? QuarantinePath, bool IsReplaced, string Deed);
