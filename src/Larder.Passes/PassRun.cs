using Larder.Content;

namespace Larder.Passes;

/// <summary>One run of a pass.</summary>
public sealed record PassRun
{
    /// <summary>The directory of the model to read. Nothing in it may be changed: its files may be linked elsewhere.</summary>
    public required string InputPath { get; init; }

    /// <summary>The files of that model.</summary>
    public required Manifest Input { get; init; }

    /// <summary>An empty directory for all files of the new model; what is written elsewhere is no part of it.</summary>
    public required string OutputPath { get; init; }

    /// <summary>An empty directory of the run's own that is removed afterwards.</summary>
    public required string WorkPath { get; init; }

    /// <summary>Told lines that the pass wants to be seen by who runs it; nobody by default.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
