namespace Larder.Cli;

/// <summary>The command line asks for something that makes no sense.</summary>
internal sealed class UsageException(string message) : LarderException(message);
