using Larder.Content;
using Larder.Pull;

namespace Larder.Baking;

/// <summary>A version of a model that lies in a baked store.</summary>
/// <param name="Snapshot">Its files.</param>
/// <param name="Request">The digest of the request that its directory is named for.</param>
internal sealed record BakedVersion(Snapshot Snapshot, Digest Request);
