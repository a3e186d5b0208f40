namespace Larder.Server.Tests.Telemetry;

/// <summary>Tests that make instruments of their own, and those that look at all there are: one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class MetricTests
{
    public const string Name = "Metrics";
}
