namespace Larder.Cli.Demo.Video;

/// <summary>What a node did in a run.</summary>
/// <param name="Name">The node.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Steps">The steps that it took; 0 where it has none.</param>
/// <param name="PlannedSteps">The steps that it could have taken.</param>
internal sealed record VideoNode(string Name, TimeSpan Elapsed, int Steps, int PlannedSteps);
