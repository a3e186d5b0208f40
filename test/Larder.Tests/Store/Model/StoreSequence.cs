using FsCheck;
using FsCheck.Fluent;

namespace Larder.Tests.Store.Model;

/// <summary>Steps in their order.</summary>
internal sealed class StoreSequence(IReadOnlyList<StoreStep> steps)
{
    private static readonly (int Weight, StoreAct Act)[] Weights =
    [
        (12, StoreAct.Publish),
        (16, StoreAct.Pull),
        (14, StoreAct.Refresh),
        (5, StoreAct.PullVersion),
        (8, StoreAct.Lease),
        (7, StoreAct.Release),
        (8, StoreAct.EvictToBytes),
        (4, StoreAct.EvictOlder),
        (6, StoreAct.Clear),
        (3, StoreAct.ClearAll),
        (6, StoreAct.Pin),
        (5, StoreAct.Unpin),
        (5, StoreAct.FlipAndRepair),
        (4, StoreAct.FailedCommit),
        (1, StoreAct.KilledCommit),
        (1, StoreAct.KilledClear),
        (3, StoreAct.Restart),
        (5, StoreAct.Wait),
    ];

    public IReadOnlyList<StoreStep> Steps { get; } = steps;

    /// <summary>Random sequences; of a failing one ever smaller parts are tried.</summary>
    public static Arbitrary<StoreSequence> Arbitrary(int mostSteps)
    {
        var step =
            from act in Gen.Frequency(Weights.Select(pair => (pair.Weight, Gen.Constant(pair.Act))).ToArray())
            from model in Gen.Choose(0, ModelShelf.Models - 1)
            from number in Gen.Choose(0, 11)
            select new StoreStep(act, model, number);
        var sequence =
            from length in Gen.Choose(1, mostSteps)
            from steps in step.ListOf(length)
            select new StoreSequence([.. steps]);
        return Arb.From(sequence, Shrink);
    }

    public override string ToString() => string.Join(", ", Steps);

    // Halves first, then ever smaller pieces, each left out.
    private static IEnumerable<StoreSequence> Shrink(StoreSequence sequence)
    {
        var steps = sequence.Steps;
        for (var piece = steps.Count / 2; piece > 0; piece /= 2)
        {
            for (var start = 0; start < steps.Count; start += piece)
                yield return new StoreSequence([.. steps.Take(start), .. steps.Skip(start + piece)]);
        }
    }
}
