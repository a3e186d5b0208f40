using System.Text.Json.Nodes;
using Larder.Content;
using Larder.Content.Requests;

namespace Larder.Graphs.Keys;

/// <summary>A kind of graph whose configuration comes as JSON or in a dictionary: its parameters, their defaults, its keys.</summary>
/// <remarks>
/// A key is that of the request
/// <c>{"configuration": {…}, "graph": NAME, "kind": "graph", "models": {ROLE: NAME}, "version": N}</c> with all defaults filled
/// in: what is left out and what is given as the default are one. The configuration lies in an object of its own, so that
/// its names clash with none of ours. Numbers of equal value are one; an integer beyond 2^53 is kept as a string of its digits.
/// Safe for use by several threads at once.
/// </remarks>
public sealed class GraphKind
{
    private readonly KeyRequest _request;
    private readonly ParameterDefaults _defaults;

    /// <summary>Describes a kind of graph.</summary>
    /// <param name="name">1 to 64 ASCII letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, such as <c>t2v_one_stage</c>.</param>
    /// <param name="version">Raised when the graph changes while its parameters do not; 0 or more.</param>
    /// <param name="defaults">
    /// All parameters with their defaults. Where the default is null anything can be given, where it is an empty object any
    /// names; otherwise a value is of the JSON kind of its default. Copied.
    /// </param>
    /// <param name="ignored">
    /// Names of parameters that callers may give and that the graph does not depend on; they are no part of a key.
    /// </param>
    /// <exception cref="ArgumentException">The name is none, or a parameter is both known and ignored.</exception>
    /// <exception cref="InvalidConfigurationException">The defaults cannot be part of a key.</exception>
    public GraphKind(string name, int version, JsonObject defaults, params ReadOnlySpan<string> ignored)
    {
        ArgumentNullException.ThrowIfNull(defaults);
        _request = new KeyRequest(name, version);
        var ignoredNames = new HashSet<string>(ignored.Length, StringComparer.Ordinal);
        foreach (var parameter in ignored)
        {
            if (defaults.ContainsKey(parameter))
                throw new ArgumentException(
                    $"Parameter {Printable.Quote(parameter)} has a default and is ignored; it is one or the other.",
                    nameof(ignored)
                );
            ignoredNames.Add(parameter);
        }
        var own = defaults.DeepClone().AsObject();
        new JsonWriter(_request.Begin()).Write(own);
        _defaults = new ParameterDefaults(own, ignoredNames);
    }

    /// <summary>The name, which is part of every key.</summary>
    public string Name => _request.Name;

    /// <summary>The version, which is part of every key.</summary>
    public int Version => _request.Version;

    /// <summary>The key of the graph with these parameters and models, in any order.</summary>
    /// <param name="parameters">The parameters; what is missing has its default. Later changes to it do not matter.</param>
    /// <param name="models">The models that the graph is made of, each in its role.</param>
    /// <exception cref="InvalidConfigurationException">
    /// Parameters that are not known, are of another JSON kind than their defaults, or cannot be part of a key.
    /// </exception>
    /// <exception cref="ArgumentException">Two models have one role, or a model has none.</exception>
    public EntryKey KeyOf(JsonObject parameters, params ReadOnlySpan<GraphModel> models)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return KeyOf(parameters, models, []);
    }

    /// <inheritdoc cref="KeyOf(JsonObject, ReadOnlySpan{GraphModel})"/>
    public EntryKey KeyOf(IReadOnlyDictionary<string, object?> parameters, params ReadOnlySpan<GraphModel> models)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        List<ConfigurationFault> faults = [];
        return KeyOf(new JsonParameters(faults).Convert(parameters), models, faults);
    }

    /// <summary>The whole configuration that a key stands for, defaults included.</summary>
    /// <remarks>A load that takes it from here builds what the key says, whatever became of the caller's own object.</remarks>
    /// <exception cref="ArgumentException">The key is not of this kind and version.</exception>
    public JsonObject ConfigurationOf(EntryKey key) => JsonObject.Create(_request.ConfigurationIn(key))!;

    private EntryKey KeyOf(JsonObject parameters, ReadOnlySpan<GraphModel> models, List<ConfigurationFault> faults)
    {
        var configuration = _defaults.Fill(parameters, faults);
        if (faults.Count > 0)
            throw new InvalidConfigurationException(Name, faults);

        var writer = _request.Begin();
        new JsonWriter(writer).Write(configuration);
        return _request.End(writer, models);
    }
}
