using Larder.Pull;

namespace Larder.Passes.Running;

/// <summary>The input model is another version than the one that the keys began with: they are made again.</summary>
internal sealed class InputMovedException(ModelIdentity identity) : Exception
{
    /// <summary>The version that it has now.</summary>
    public ModelIdentity Identity { get; } = identity;
}
