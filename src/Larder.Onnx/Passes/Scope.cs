namespace Larder.Onnx.Passes;

/// <summary>The values that the nodes of a graph can name: its own, and those of the graphs around it.</summary>
internal sealed class Scope<T>(Scope<T>? around)
    where T : class
{
    private readonly Dictionary<string, T> _own = new(StringComparer.Ordinal);

    /// <summary>Says what a name stands for in this graph and in those within it, from now on.</summary>
    public void Define(string name, T value) => _own[name] = value;

    /// <summary>What a name stands for; null for what is not known, and for the empty name of what is left out.</summary>
    public T? Find(string name) => _own.GetValueOrDefault(name) ?? around?.Find(name);

    /// <summary>What a name stands for if this graph itself defines it.</summary>
    public T? FindOwn(string name) => _own.GetValueOrDefault(name);
}
