namespace Larder.Cli.Warming;

/// <summary>A server did not do what it was asked.</summary>
internal sealed class ServerException(string message, Exception? innerException = null)
    : LarderException(message, innerException);
