using Larder.Pull;
using Larder.Server.Runtimes;

namespace Larder.Server.Models;

/// <summary>What came of asking a model's origin for its present version.</summary>
/// <param name="Version">The version that answers now.</param>
/// <param name="Before">The one that answered before; null where none did, or it is the same.</param>
/// <param name="Files">How its files were come by.</param>
/// <param name="FilesFromCache">Whether no byte of them came from the origin.</param>
/// <param name="FilesTime">How long the question and the files took.</param>
/// <param name="Load">What it took to load it; null where there was nothing to load.</param>
internal sealed record Renewal(
    ServedVersion Version,
    ServedVersion? Before,
    PullOutcome Files,
    bool FilesFromCache,
    TimeSpan FilesTime,
    ModelLoad? Load
);
