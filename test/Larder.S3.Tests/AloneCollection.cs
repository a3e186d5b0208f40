namespace Larder.S3.Tests;

/// <summary>Tests that no other test may run beside.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
