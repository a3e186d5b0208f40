namespace Larder.Cli;

/// <summary>What the command line names is not there.</summary>
internal sealed class NotFoundException(string message) : LarderException(message);
