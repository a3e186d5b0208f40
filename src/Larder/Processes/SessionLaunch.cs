namespace Larder.Processes;

/// <summary>A program to run in a session of its own.</summary>
internal sealed record SessionLaunch
{
    /// <summary>The absolute path of the program.</summary>
    public required string Program { get; init; }

    /// <summary>Its arguments, without its name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The working directory.</summary>
    public required string Directory { get; init; }

    /// <summary>All variables that it is given; with <c>PATH</c>.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>
    /// Null: the program has no input, and its output is what it prints. Else it is talked with on descriptors 3 and 4 and all that
    /// it prints is error output, and this is a directory of its own, outside of which nobody looks: for what keeps watch over it.
    /// Should this process die, it is removed.
    /// </summary>
    public string? ChannelDirectory { get; init; }
}
