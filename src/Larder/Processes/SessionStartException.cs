namespace Larder.Processes;

/// <summary>A session was not begun. Whoever asked for it tells its own user in its own words.</summary>
internal sealed class SessionStartException(string message, Exception? innerException = null)
    : Exception(message, innerException);
