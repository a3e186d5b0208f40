namespace Larder.Graphs.Budgets;

/// <summary>A limit, and what is more than it allows.</summary>
/// <param name="Device">The device; null for the number of graphs on all of them.</param>
/// <param name="IsBytes">Whether bytes are counted, and not graphs.</param>
/// <param name="Limit">What is allowed.</param>
/// <param name="Actual">What is wanted.</param>
internal sealed record LimitExcess(string? Device, bool IsBytes, long Limit, long Actual);
