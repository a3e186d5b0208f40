using Larder.Diffusion.Graph;

namespace Larder.Diffusion.Tests.Graph;

public sealed class GraphOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Of_RandomDependencies_OrdersWhatCanBeAndNamesRealCycles(int seed)
    {
        // Seeds are in the names of the tests.
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var count = random.Next(1, 12);
            var density = random.NextDouble() * 0.4;
            var predecessors = Enumerable
                .Range(0, count)
                .Select(_ => Enumerable.Range(0, count).Where(_ => random.NextDouble() < density).ToArray())
                .ToArray();

            var order = GraphOrder.Of(predecessors);

            Assert.Equal(
                Enumerable.Range(0, count),
                order.Nodes.Concat(order.Cycles.SelectMany(cycle => cycle)).Order()
            );
            Assert.Equal(HasCycle(predecessors), order.Cycles.Count > 0);
            foreach (var cycle in order.Cycles)
            {
                Assert.Equal(cycle.Min(), cycle[0]);
                for (var place = 0; place < cycle.Count; place++)
                    Assert.Contains(cycle[place], predecessors[cycle[(place + 1) % cycle.Count]]);
            }
            if (order.Cycles.Count == 0)
                Assert.All(
                    order.Nodes.Index(),
                    node =>
                        Assert.All(
                            predecessors[node.Item],
                            before => Assert.Contains(before, order.Nodes.Take(node.Index))
                        )
                );
        }
    }

    // Whoever comes to himself in as many steps as there are nodes is on a cycle.
    private static bool HasCycle(int[][] predecessors)
    {
        var reached = predecessors.Select(before => before.ToHashSet()).ToArray();
        for (var step = 0; step < predecessors.Length; step++)
        {
            foreach (var set in reached)
                set.UnionWith(set.SelectMany(node => predecessors[node]).ToArray());
        }
        return reached.Index().Any(node => node.Item.Contains(node.Index));
    }
}
