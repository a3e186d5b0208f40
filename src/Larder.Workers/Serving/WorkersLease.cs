using Larder.Content;
using Larder.Graphs;
using Larder.Pull;
using Larder.Workers.Processes;

namespace Larder.Workers.Serving;

/// <summary>Workers in use, with what it took to get them.</summary>
/// <param name="Graph">The hold on them; whoever has this returns it.</param>
/// <param name="Version">The version of their files.</param>
/// <param name="Files">How the files were come by.</param>
/// <param name="FromCache">Whether no byte of them came from the origin.</param>
/// <param name="FilesTime">Time to make the files available.</param>
/// <param name="LoadTime">Time until the workers were ready.</param>
internal sealed record WorkersLease(
    GraphLease<WorkerPool> Graph,
    Digest Version,
    PullOutcome Files,
    bool FromCache,
    TimeSpan FilesTime,
    TimeSpan LoadTime
);
