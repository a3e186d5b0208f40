namespace Larder.Tests.Faults;

/// <summary>How a host ended whose system calls failed.</summary>
/// <param name="ExitCode">0 for success, 1 for a failure that Larder reported.</param>
/// <param name="Output">All that it said.</param>
/// <param name="Met">Whether a call failed at all.</param>
internal sealed record FaultRun(int ExitCode, string Output, bool Met)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>What followed a word that it said on a line of its own; null when it did not say it.</summary>
    public string? Said(string word) =>
        Output
            .Split('\n')
            .Where(line => line.StartsWith(word + ' ', StringComparison.Ordinal))
            .Select(line => line[(word.Length + 1)..])
            .LastOrDefault();
}
