namespace Larder.Server.Dashboard.Work;

/// <summary>What was asked for on the page was not done, for a reason that its message says.</summary>
internal sealed class ActionFailedException(string message) : LarderException(message);
