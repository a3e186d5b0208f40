namespace Larder.TestKit;

/// <summary>A request that came to a <see cref="FaultProxy"/>.</summary>
/// <param name="Number">Which one it is, from 1.</param>
/// <param name="Method">Its method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="HasRange">Whether it asks for a part.</param>
public sealed record FaultedRequest(int Number, string Method, string Target, bool HasRange);
