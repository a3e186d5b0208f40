using Azure.Core.Pipeline;

namespace Larder.Azure;

/// <summary>Where a place is, and who asks for it.</summary>
/// <param name="Endpoint">The account's address, without a slash at its end.</param>
/// <param name="Pipeline">Sends requests, and signs them where a key or a token does that.</param>
/// <param name="Kind">What lets one in.</param>
/// <param name="Signature">The shared access signature that goes with each request: a secret; null without one.</param>
internal sealed record BlobAccess(Uri Endpoint, HttpPipeline Pipeline, BlobAccessKind Kind, string? Signature = null);
