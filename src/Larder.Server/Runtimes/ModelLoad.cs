using Larder.Content;
using Larder.Pull;

namespace Larder.Server.Runtimes;

/// <summary>What it took to have a model loaded.</summary>
/// <param name="Version">The version that is loaded.</param>
/// <param name="Files">How its files were come by.</param>
/// <param name="FilesFromCache">Whether no byte of them came from the origin.</param>
/// <param name="GraphFromCache">Whether it was loaded already.</param>
/// <param name="FilesTime">How long the files took.</param>
/// <param name="LoadTime">How long the load took, or the wait for another's.</param>
internal sealed record ModelLoad(
    Digest Version,
    PullOutcome Files,
    bool FilesFromCache,
    bool GraphFromCache,
    TimeSpan FilesTime,
    TimeSpan LoadTime
);
