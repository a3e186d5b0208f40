namespace Larder.Passes.Commands;

/// <summary>A program to run.</summary>
internal sealed record CommandLaunch
{
    /// <summary>The program and its arguments, with no places left in them.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The working directory.</summary>
    public required string Directory { get; init; }

    /// <summary>All variables that it is given; with <c>PATH</c>.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>How long it may take.</summary>
    public required TimeSpan TimeLimit { get; init; }

    /// <summary>Values that are not to be shown.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Told its lines.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
