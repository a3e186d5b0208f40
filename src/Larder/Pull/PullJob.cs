using Larder.Content;
using Larder.Origins;

namespace Larder.Pull;

/// <summary>What one flight is about.</summary>
internal sealed record PullJob(IOrigin Origin, ModelReference Reference, EntryKey Key, PullOptions Options);
