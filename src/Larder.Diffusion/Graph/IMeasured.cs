namespace Larder.Diffusion.Graph;

/// <summary>A value that knows how much memory it takes, so that a run can tell what it has freed.</summary>
public interface IMeasured
{
    /// <summary>The bytes.</summary>
    long SizeBytes { get; }
}
