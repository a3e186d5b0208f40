namespace Larder.Recordings.Requests;

/// <summary>Makes requests of calls.</summary>
internal sealed class RequestForms(RecordingsOptions options, string root)
{
    /// <summary>The root that paths are relative to.</summary>
    public string Root { get; } = root;

    /// <summary>The request of a call.</summary>
    /// <exception cref="NotRecordableException">An argument cannot be told apart from others.</exception>
    public RecordingRequest Of(RecordedCall call) => throw new NotImplementedException(options.ToString());

    /// <summary>Whether parameters of the type are left out by themselves: tokens of cancellation, progress, loggers.</summary>
    public static bool IsLeftOut(Type parameter) => throw new NotImplementedException();

    /// <summary>
    /// What to hand to the service in place of an argument that reading it for the request has used up, such as a stream that
    /// cannot seek; else the argument itself.
    /// </summary>
    public static object? Rereadable(object? argument) => throw new NotImplementedException();
}
