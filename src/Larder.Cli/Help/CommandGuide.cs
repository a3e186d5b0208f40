namespace Larder.Cli.Help;

/// <summary>What a person is told of a command beyond its options.</summary>
/// <param name="Examples">One to three command lines that it takes.</param>
internal sealed record CommandGuide(params string[] Examples)
{
    /// <summary>What is kept when it is cancelled, and how to go on; null where there is nothing to tell.</summary>
    public string? WhenCancelled { get; init; }
}
