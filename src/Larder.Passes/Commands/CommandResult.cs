namespace Larder.Passes.Commands;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number when a signal ended it.</param>
/// <param name="LastLine">The last line of its standard output; empty without one.</param>
/// <param name="Lines">The lines at the end of all that it wrote.</param>
internal sealed record CommandResult(int ExitCode, string LastLine, IReadOnlyList<string> Lines);
