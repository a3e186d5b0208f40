namespace Larder.Passes.Commands;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="Lines">The last lines of all that it wrote.</param>
/// <param name="Standard">Those of its standard output alone.</param>
internal sealed record CommandResult(int ExitCode, IReadOnlyList<string> Lines, IReadOnlyList<string> Standard);
