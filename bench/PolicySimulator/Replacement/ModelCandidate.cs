using System.Diagnostics.CodeAnalysis;
using Larder.Graphs;
using Larder.Graphs.Budgets;
using Larder.Graphs.Eviction;
using PolicySimulator.Traces;

namespace PolicySimulator.Replacement;

/// <summary>A loaded model as a candidate for the product's choice of victims.</summary>
internal sealed class ModelCandidate : Candidate
{
    private readonly int _place;

    [SetsRequiredMembers]
    public ModelCandidate(int place, Model model, double agedUses, long uses, long idleOrder)
        : base([])
    {
        _place = place;
        Size = GraphSize.OfHost(model.Bytes);
        Facts = new(agedUses, uses, idleOrder, model.LoadTime, FreedBytes: 1);
        Holders = 0;
    }

    /// <summary>The models that the product would evict for so many bytes.</summary>
    public static int[] Victims(IEvictionPolicy policy, IEnumerable<ModelCandidate> candidates, long missingBytes)
    {
        var missing = new Demand();
        missing.Set(GraphDevice.Host, new(Graphs: 0, missingBytes));
        var victims =
            VictimChoice.Enough(policy, candidates, missing)
            ?? throw new InvalidOperationException(
                $"{missingBytes} bytes were wanted of a cache that has less to give."
            );
        return [.. victims.OfType<ModelCandidate>().Select(victim => victim._place)];
    }
}
