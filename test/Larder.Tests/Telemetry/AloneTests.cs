namespace Larder.Tests.Telemetry;

/// <summary>Instruments are those of the process: their tests run while no other uses them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneTests
{
    public const string Name = "Alone";
}
