namespace Larder.Cli.Demo;

/// <summary>The demonstration could not be shown.</summary>
internal sealed class DemoException(string message) : LarderException(message);
