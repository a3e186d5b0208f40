namespace Larder.Recordings.Administration;

/// <summary>A run of all tests, as its processes have noted it.</summary>
/// <param name="Name">What the variable <c>LARDER_RECORDINGS_RUN</c> said.</param>
/// <param name="Started">When the first of its processes began.</param>
/// <param name="Processes">How many processes used recordings.</param>
/// <param name="Open">How many of them have not ended, or not as they should.</param>
public sealed record NotedRun(string Name, DateTimeOffset Started, int Processes, int Open);
