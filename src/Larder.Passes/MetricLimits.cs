using System.Globalization;

namespace Larder.Passes;

/// <summary>Limits that a workflow sets for the figures of an evaluation: <c>{"max_abs_error": 0.1}</c>.</summary>
/// <param name="lowerIsBetter">The figures for which a limit is the most that they may be.</param>
/// <param name="higherIsBetter">The figures for which a limit is the least that they may be.</param>
internal sealed class MetricLimits(IReadOnlyList<string> lowerIsBetter, IReadOnlyList<string> higherIsBetter)
{
    /// <summary>The name of the option.</summary>
    public const string Option = "limits";

    /// <summary>What is wrong with limits, in the way of <see cref="StepOptions"/>.</summary>
    public IEnumerable<(string Name, string Message)> FaultsIn(IReadOnlyDictionary<string, double> limits)
    {
        string[] known = [.. lowerIsBetter, .. higherIsBetter];
        foreach (var name in limits.Keys.Where(name => !known.Contains(name, StringComparer.Ordinal)))
        {
            yield return (
                $"{Option}.{Content.Printable.Escape(name)}",
                NearestName.Of(name, known) is { } nearest
                    ? $"There is no such figure to limit. Did you mean '{nearest}'?"
                    : $"There is no such figure to limit. Known are {string.Join(", ", known.Order(StringComparer.Ordinal))}."
            );
        }
    }

    /// <summary>A sentence for each limit that figures miss; one whose figure is not there is missed.</summary>
    public IReadOnlyList<string> Missed(
        IReadOnlyDictionary<string, double> limits,
        IReadOnlyDictionary<string, double> figures
    ) =>
        [
            .. limits
                .OrderBy(limit => limit.Key, StringComparer.Ordinal)
                .Select(limit => Missed(limit.Key, limit.Value, figures))
                .OfType<string>(),
        ];

    private string? Missed(string name, double limit, IReadOnlyDictionary<string, double> figures)
    {
        var (side, isKept) = higherIsBetter.Contains(name, StringComparer.Ordinal)
            ? ("at least", (Func<double, bool>)(figure => figure >= limit))
            : ("at most", figure => figure <= limit);
        return !figures.TryGetValue(name, out var figure)
                ? $"'{name}' must be {side} {Text(limit)}, and nothing of the model could be measured for it."
            : isKept(figure) ? null
            : $"'{name}' is {Text(figure)} and must be {side} {Text(limit)}.";
    }

    private static string Text(double number) => number.ToString("G6", CultureInfo.InvariantCulture);
}
