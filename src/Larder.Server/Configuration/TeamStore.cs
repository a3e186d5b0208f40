using Larder.Sharing;

namespace Larder.Server.Configuration;

/// <summary>The store that a team shares.</summary>
/// <param name="Url">Where it is: <c>file:///directory</c>, <c>s3://bucket/prefix</c> or <c>az://account/container/prefix</c>.</param>
/// <param name="Options">How it is used.</param>
public sealed record TeamStore(string Url, SharedCacheOptions Options);
