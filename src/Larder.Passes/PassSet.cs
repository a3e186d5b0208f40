using Larder.Content;

namespace Larder.Passes;

/// <summary>The kinds of passes and evaluations that workflows can choose from, by name.</summary>
public sealed class PassSet
{
    private readonly Dictionary<string, IPass> _passes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IEvaluation> _evaluations = new(StringComparer.Ordinal);

    /// <summary>Collects them.</summary>
    /// <exception cref="ArgumentException">Two have one name.</exception>
    public PassSet(IEnumerable<IPass> passes, IEnumerable<IEvaluation> evaluations)
    {
        ArgumentNullException.ThrowIfNull(passes);
        ArgumentNullException.ThrowIfNull(evaluations);
        foreach (var pass in passes)
        {
            if (!_passes.TryAdd(pass.Name, pass))
                throw new ArgumentException($"There are two passes named '{pass.Name}'.", nameof(passes));
        }
        foreach (var evaluation in evaluations)
        {
            if (!_evaluations.TryAdd(evaluation.Name, evaluation))
                throw new ArgumentException(
                    $"There are two evaluations named '{evaluation.Name}'.",
                    nameof(evaluations)
                );
        }
    }

    /// <summary>The passes, by name.</summary>
    public IReadOnlyList<IPass> Passes => [.. _passes.Values.OrderBy(pass => pass.Name, StringComparer.Ordinal)];

    /// <summary>The evaluations, by name.</summary>
    public IReadOnlyList<IEvaluation> Evaluations =>
        [.. _evaluations.Values.OrderBy(evaluation => evaluation.Name, StringComparer.Ordinal)];

    internal IPass? FindPass(string type, string path, ICollection<WorkflowFault> faults) =>
        Find(_passes, "pass", type, path, faults);

    internal IEvaluation? FindEvaluation(string type, string path, ICollection<WorkflowFault> faults) =>
        Find(_evaluations, "evaluation", type, path, faults);

    private static T? Find<T>(
        Dictionary<string, T> known,
        string noun,
        string type,
        string path,
        ICollection<WorkflowFault> faults
    )
        where T : class
    {
        if (known.TryGetValue(type, out var found))
            return found;
        faults.Add(
            new WorkflowFault(
                $"{path}.type",
                $"There is no {noun} '{Printable.Escape(type)}'."
                    + (
                        NearestName.Of(type, known.Keys) is { } nearest ? $" Did you mean '{nearest}'?"
                        : known.Count == 0 ? ""
                        : $" Known are {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}."
                    )
            )
        );
        return null;
    }
}
