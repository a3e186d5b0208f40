using System.Text.Json.Nodes;
using Larder.Content;

namespace Larder.Pull;

/// <summary>A version of a model, by something that cannot come to mean another.</summary>
/// <param name="Request">
/// What stands for the version in keys: <c>{"manifest": digest}</c> where its digest can be told without its bytes on any machine,
/// else <c>{"model": the request of the pull, "versions": {path: the origin's mark of its version}}</c>. The same on every
/// machine, whatever its store has.
/// </param>
/// <param name="Manifest">The digest of its manifest; null while nobody here has seen its bytes.</param>
public sealed record ModelIdentity(JsonObject Request, Digest? Manifest);
