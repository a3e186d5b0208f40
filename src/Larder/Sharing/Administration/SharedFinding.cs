using Larder.Content;

namespace Larder.Sharing.Administration;

/// <summary>Something that is wrong in a shared store.</summary>
/// <param name="Name">The entry's document.</param>
/// <param name="Key">The entry's key.</param>
/// <param name="Fault">What is wrong, to be read after the name.</param>
public sealed record SharedFinding(string Name, Digest Key, string Fault);
