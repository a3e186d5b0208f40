namespace Larder.Recordings;

/// <summary>There is no recording of a call, and none may be made: it tells how the nearest ones differ.</summary>
public sealed class RecordingMissingException : RecordingException
{
    internal RecordingMissingException(string message, string method)
        : base(message) => Method = method;

    /// <summary>The deployment and the method, as <c>Deployment.Method</c>.</summary>
    public string Method { get; }
}
