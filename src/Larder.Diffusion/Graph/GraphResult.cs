using Larder.Content;

namespace Larder.Diffusion.Graph;

/// <summary>What came of a run.</summary>
/// <remarks>Disposing of it disposes of the outputs that nodes made and that are to be disposed of.</remarks>
public sealed class GraphResult : IDisposable
{
    private readonly GraphPlan _plan;
    private readonly object?[] _values;
    private IReadOnlyList<IDisposable> _owned;

    internal GraphResult(
        GraphPlan plan,
        object?[] values,
        IReadOnlyList<IDisposable> owned,
        IReadOnlyList<NodeTiming> timings,
        TimeSpan elapsed
    )
    {
        _plan = plan;
        _values = values;
        _owned = owned;
        Timings = timings;
        Elapsed = elapsed;
    }

    /// <summary>When each node ran, each after those that it reads from.</summary>
    public IReadOnlyList<NodeTiming> Timings { get; }

    /// <summary>How long the run took.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The value of an output, by its name.</summary>
    /// <exception cref="ArgumentException">The graph has no such output.</exception>
    public object? this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            var place = _plan.OutputAt(name);
            return place >= 0
                ? _values[place]
                : throw new ArgumentException(
                    $"The graph has no output '{Printable.Escape(name)}'. "
                        + NameChoice.Suggest(name, [.. _plan.Outputs.Select(output => output.Name)]),
                    nameof(name)
                );
        }
    }

    /// <summary>The value of an output.</summary>
    public T Get<T>(GraphOutput<T> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return (T)this[output.Name]!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in Interlocked.Exchange(ref _owned, []))
            value.Dispose();
    }
}
