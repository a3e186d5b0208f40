namespace Larder.Server.Tests.Fuzzing;

/// <summary>Tests that measure their own process: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "Alone";
}
