namespace Larder.Passes.Commands;

/// <summary>The options that a <c>command</c> has as a pass and as an evaluation.</summary>
internal abstract record CommandOptions
{
    /// <summary>The program and its arguments, in which <see cref="Placeholders"/> are replaced.</summary>
    public required IReadOnlyList<string> Run { get; set; }

    /// <summary>Files and directories besides the model: their content is part of the key, and copies of them lie in the working directory.</summary>
    public IReadOnlyList<string> Inputs { get; set; } = [];

    /// <summary>Variables that the program is given: part of the key.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Variables that it has from Larder's own environment: their names are part of the key, their values are not.</summary>
    public IReadOnlyList<string> PassEnvironment { get; set; } = [];

    /// <summary>Whatever the author changes when the program gives other results.</summary>
    public string Version { get; set; } = "";

    /// <summary>A command that prints the versions of what the program uses; its output is part of the key.</summary>
    public IReadOnlyList<string> VersionCommand { get; set; } = [];

    /// <summary>How long it may take.</summary>
    public string TimeLimit { get; set; } = "12 h";

    /// <summary>Exit codes that mean that it may go well the next time.</summary>
    public IReadOnlyList<int> TransientExitCodes { get; set; } = [];
}
