namespace Larder.Diffusion.Graph;

/// <summary>An order in which every node comes after those that it depends on.</summary>
/// <param name="Nodes">The nodes in that order; of those that could come next, the lowest number does. Those on cycles are left out.</param>
/// <param name="Cycles">A way around for each knot of nodes that depend on themselves, from its lowest number.</param>
internal sealed record GraphOrder(IReadOnlyList<int> Nodes, IReadOnlyList<IReadOnlyList<int>> Cycles)
{
    /// <summary>Orders nodes.</summary>
    /// <param name="predecessors">The nodes that each depends on.</param>
    public static GraphOrder Of(IReadOnlyList<IReadOnlyCollection<int>> predecessors)
    {
        var waitingFor = predecessors.Select(before => before.Count).ToArray();
        var successors = Invert(predecessors);
        var ready = new PriorityQueue<int, int>();
        for (var node = 0; node < waitingFor.Length; node++)
        {
            if (waitingFor[node] == 0)
                ready.Enqueue(node, node);
        }
        var order = new List<int>();
        var cycles = new List<IReadOnlyList<int>>();
        var isLeft = Enumerable.Repeat(element: true, waitingFor.Length).ToArray();
        while (order.Count + cycles.Sum(cycle => cycle.Count) < waitingFor.Length)
        {
            if (ready.TryDequeue(out var next, out _))
            {
                order.Add(next);
                Remove(next);
                continue;
            }
            // Everything that is left waits for something that is left, so going back from any comes round.
            var cycle = GoRound(Array.IndexOf(isLeft, value: true), predecessors, isLeft);
            cycles.Add(cycle);
            foreach (var node in cycle)
                isLeft[node] = false;
            foreach (var node in cycle)
                Remove(node);
        }
        return new GraphOrder(order, cycles);

        void Remove(int node)
        {
            isLeft[node] = false;
            foreach (var successor in successors[node])
            {
                if (--waitingFor[successor] == 0 && isLeft[successor])
                    ready.Enqueue(successor, successor);
            }
        }
    }

    private static List<int> GoRound(int from, IReadOnlyList<IReadOnlyCollection<int>> predecessors, bool[] isLeft)
    {
        var way = new List<int>();
        var node = from;
        while (!way.Contains(node))
        {
            way.Add(node);
            node = predecessors[node].Where(before => isLeft[before]).Min();
        }
        way.RemoveRange(0, way.IndexOf(node));
        // It was gone backwards; the data go the other way.
        way.Reverse();
        var lowest = way.IndexOf(way.Min());
        return [.. way[lowest..], .. way[..lowest]];
    }

    private static List<int>[] Invert(IReadOnlyList<IReadOnlyCollection<int>> predecessors)
    {
        var successors = predecessors.Select(_ => new List<int>()).ToArray();
        foreach (var (node, before) in predecessors.Index())
        {
            foreach (var predecessor in before)
                successors[predecessor].Add(node);
        }
        return successors;
    }
}
