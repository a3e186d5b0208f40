namespace Larder.Recordings;

/// <summary>One run got two answers to one request, so that no recording could replay both.</summary>
public sealed class RecordingConflictException : RecordingException
{
    internal RecordingConflictException(string method, string file, IReadOnlyList<string> differences)
        : base(
            $"""
            {method} gave two answers to the same request in this run, and a replay can give only one:
            {string.Join('\n', differences.Select(difference => $"  {difference}"))}
            The first is kept in '{file}'. Give the call what its answer depends on as an argument (a secret does not count, and neither does what came before), or widen RecordingsOptions.Tolerance when the service is never the same twice.
            """.ReplaceLineEndings("\n")
        ) => File = file;

    /// <summary>The recording of the first answer.</summary>
    public string File { get; }
}
