using System.Text.Json;

namespace Larder.Workers.Tests;

public sealed class WorkerInstancesTests
{
    [Fact]
    public void Read_MillionsThatAreNoObjects_NamesTheFirst()
    {
        using var body = JsonDocument.Parse(
            $$"""{"instances": [{}, {{string.Join(',', Enumerable.Repeat(1, 2_000_000))}}]}"""
        );

        var failure = Assert.Throws<InvalidWorkerInputsException>(() => WorkerInstances.Read(body.RootElement));

        Assert.Equal(101, failure.Faults.Count);
        Assert.Equal("instances[1]", failure.Faults[0].Path);
        Assert.Equal(new WorkerInputFault("instances", "There are more faults."), failure.Faults[^1]);
    }

    [Fact]
    public void Read_Objects_GivesEach()
    {
        using var body = JsonDocument.Parse("""{"instances": [{"x": 1}, {"x": 2}]}""");

        var read = WorkerInstances.Read(body.RootElement);

        Assert.Equal([1, 2], read.Select(instance => instance.GetProperty("x").GetInt32()));
    }
}
