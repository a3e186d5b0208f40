namespace Larder.Recordings;

/// <summary>A method, an argument or an answer is of a kind that no recording can hold.</summary>
public sealed class NotRecordableException : RecordingException
{
    internal NotRecordableException(string message, string place, Exception? innerException = null)
        : base(message, innerException) => Place = place;

    /// <summary>Where: the method, or the path to an argument's member such as <c>$.arguments.options.callback</c>.</summary>
    public string Place { get; }
}
