using Larder.Content;
using Larder.Origins;
using Larder.Pull;

namespace Larder.Graphs.Models;

/// <summary>How the models of one runtime become graphs.</summary>
/// <typeparam name="TGraph">What is loaded.</typeparam>
/// <typeparam name="TSettings">What it is loaded with besides its files.</typeparam>
/// <typeparam name="TModel">What is told of it.</typeparam>
internal interface IModelLoader<TGraph, in TSettings, out TModel>
    where TGraph : class
{
    /// <summary>Names everything that a graph depends on.</summary>
    /// <exception cref="LarderException">No graph can be made of these files.</exception>
    EntryKey KeyOf(Manifest files, TSettings settings);

    /// <summary>What a graph will probably take.</summary>
    GraphSize Estimate(Manifest files, TSettings settings);

    /// <summary>Loads a graph, and says in <paramref name="load"/> what it takes.</summary>
    /// <param name="load">What the cache of graphs asks of a load.</param>
    /// <param name="files">The files; they are the graph's from its return on, and its to dispose.</param>
    /// <param name="reference">Where they came from.</param>
    /// <param name="settings">What it is loaded with.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    Task<TGraph> LoadAsync(
        GraphLoad load,
        Snapshot files,
        ModelReference reference,
        TSettings settings,
        CancellationToken cancellationToken
    );

    /// <summary>Tells of a graph.</summary>
    TModel Describe(Digest version, TGraph graph);
}
