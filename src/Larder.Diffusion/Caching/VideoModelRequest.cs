using Larder.Origins;
using Larder.Pull;

namespace Larder.Diffusion.Caching;

/// <summary>Which video models are wanted, and how they are pulled.</summary>
/// <param name="Reference">Where their files come from: a directory with a <c>model.json</c>, at any origin.</param>
public sealed record VideoModelRequest(ModelReference Reference)
{
    /// <summary>When the origin is asked again, what answers if it is down, which version and which files.</summary>
    public PullOptions Pull { get; init; } = new();
}
