using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Larder.Content;
using Larder.Content.Requests;

namespace Larder.Graphs.Keys;

/// <summary>A kind of graph that is configured by an object of your own: its keys.</summary>
/// <remarks>
/// <para>
/// A key is that of the request
/// <c>{"configuration": {…}, "graph": NAME, "kind": "graph", "models": {ROLE: NAME}, "version": N}</c>. The configuration has
/// every public property and field of the object, by its snake-case name (or its <c>JsonPropertyName</c>), so that a default
/// and what is given as the default are one. Numbers of equal value are one; an integer beyond 2^53 is kept as a string of
/// its digits. Lists keep their order, sets and dictionaries have none. A value whose type its declaration does not tell
/// carries it as <c>$type</c>. What could give two different objects one key is refused, hidden state above all.
/// </para>
/// <para>
/// The key of an object that can never change, sealed and read-only all the way down, is remembered with the object; any other is
/// read each time. Nothing is kept alive. Safe for use by several threads at once, as far as the objects given are.
/// </para>
/// </remarks>
/// <typeparam name="TConfiguration">The configuration, such as a sealed record.</typeparam>
[RequiresUnreferencedCode(ConfigurationReader.ReadsProperties)]
[RequiresDynamicCode(ConfigurationReader.MakesCode)]
public sealed class GraphKind<TConfiguration>
    where TConfiguration : class
{
    private readonly KeyRequest _request;

    // Null when a configuration may change after it was read.
    private readonly RememberedKeys? _remembered;

    /// <summary>Describes a kind of graph.</summary>
    /// <param name="name">1 to 64 ASCII letters, digits, <c>_</c>, <c>-</c> and <c>.</c>, such as <c>t2v_one_stage</c>.</param>
    /// <param name="version">Raised when the graph changes while its configuration does not; 0 or more.</param>
    /// <exception cref="ArgumentException">The name is none, or the version negative.</exception>
    public GraphKind(string name, int version)
    {
        _request = new KeyRequest(name, version);
        var canRemember =
            RuntimeFeature.IsDynamicCodeSupported
            && new TypeState(KeyRequest.Rules).IsImmutable(typeof(TConfiguration));
        _remembered = canRemember ? new RememberedKeys() : null;
    }

    /// <summary>The name, which is part of every key.</summary>
    public string Name => _request.Name;

    /// <summary>The version, which is part of every key.</summary>
    public int Version => _request.Version;

    /// <summary>The key of the graph with this configuration and these models, in any order.</summary>
    /// <param name="configuration">The configuration; later changes to it do not change the key.</param>
    /// <param name="models">The models that the graph is made of, each in its role.</param>
    /// <exception cref="InvalidConfigurationException">The configuration has a value that cannot be part of a key.</exception>
    /// <exception cref="ArgumentException">Two models have one role, or a model has none.</exception>
    public EntryKey KeyOf(TConfiguration configuration, params ReadOnlySpan<GraphModel> models)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (_remembered?.Find(configuration, models) is { } known)
            return known;

        var key = _request.End(Write(configuration), models);
        _remembered?.Add(configuration, models, key);
        return key;
    }

    /// <summary>Makes a configuration of what a key says, by <c>System.Text.Json</c>.</summary>
    /// <remarks>
    /// A load that takes it from here builds what the key says, whatever became of the caller's own object. Properties marked
    /// <see cref="NotPartOfKeyAttribute"/> have their defaults. What was made is compared with the key.
    /// </remarks>
    /// <exception cref="ArgumentException">The key is not of this kind and version.</exception>
    /// <exception cref="InvalidConfigurationException">The type cannot be made again from its properties.</exception>
    public TConfiguration ConfigurationOf(EntryKey key)
    {
        var written = _request.ConfigurationIn(key);
        var configuration = ConfigurationReader.Read<TConfiguration>(Name, written);
        if (!KeyRequest.ConfigurationIn(Write(configuration)).SequenceEqual(ConfigurationReader.BytesOf(written)))
            throw ConfigurationReader.Differs<TConfiguration>(Name);
        return configuration;
    }

    private RequestWriter Write(TConfiguration configuration)
    {
        var writer = _request.Begin();
        new ValueWriter(writer).Write(configuration, typeof(TConfiguration));
        return writer;
    }
}
