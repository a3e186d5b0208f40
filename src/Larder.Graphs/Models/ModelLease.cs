using Larder.Content;
using Larder.Pull;

namespace Larder.Graphs.Models;

/// <summary>A model in use, with what it took to get it.</summary>
/// <param name="Graph">The hold on what is loaded.</param>
/// <param name="Version">The version of its files: the digest of their manifest.</param>
/// <param name="Files">How its files were come by.</param>
/// <param name="FilesFromCache">Whether no byte of them came from the origin.</param>
/// <param name="FilesTime">How long it took to make the files available.</param>
/// <param name="LoadTime">How long it took to load, or to wait for another who loaded it.</param>
internal readonly record struct ModelLease<TGraph>(
    GraphLease<TGraph> Graph,
    Digest Version,
    PullOutcome Files,
    bool FilesFromCache,
    TimeSpan FilesTime,
    TimeSpan LoadTime
)
    where TGraph : class;
