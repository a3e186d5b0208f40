namespace Larder.Diffusion.Graph;

/// <summary>The values that one run is given. They stay the caller's, who disposes of them when the run has ended.</summary>
/// <remarks>For one thread; not changed while a run begins.</remarks>
public sealed class GraphInputs
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>Sets the value of an input; one that was set before is replaced.</summary>
    public GraphInputs Set<T>(GraphInput<T> input, T value)
    {
        ArgumentNullException.ThrowIfNull(input);
        _values[input.Name] = value;
        return this;
    }

    /// <summary>Sets the value of an input by its name; whether it fits is checked when the run begins.</summary>
    public GraphInputs Set(string name, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _values[name] = value;
        return this;
    }

    internal IReadOnlyDictionary<string, object?> Values => _values;
}
