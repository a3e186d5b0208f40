using Larder.Recordings.Requests;

namespace Larder.Recordings.Files;

/// <summary>The files of recordings: read once each, written as a whole or not at all.</summary>
internal sealed class RecordingDirectory(string path)
{
    /// <summary>The directory, a full path.</summary>
    public string Path { get; } = path;

    /// <summary>The recording of a request; null when there is none.</summary>
    /// <exception cref="RecordingDamagedException">There is a file, and it is not whole, is newer, or answers another request.</exception>
    public StoredRecording? Find(RecordingRequest request) => throw new NotImplementedException();

    /// <summary>Writes a recording: its attachments, then the document, by one rename.</summary>
    /// <param name="request">What it answers.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="attachments">Its attachments.</param>
    /// <param name="replace">Whether one that is there is replaced; else it is kept.</param>
    /// <exception cref="RecordingException">It cannot be written.</exception>
    /// <returns>Where it lies.</returns>
    public string Write(
        RecordingRequest request,
        RecordedOutcome outcome,
        IReadOnlyCollection<Attachment> attachments,
        bool replace
    ) => throw new NotImplementedException();

    /// <summary>Makes sure, before a call that takes long, that its recording can be written.</summary>
    /// <exception cref="RecordingException">It cannot.</exception>
    public void RequireWritable() => throw new NotImplementedException();

    /// <summary>Tells the nearest recordings of a request that has none: a text of several lines, differences first; or that there are none.</summary>
    public string DescribeNearest(RecordingRequest request) => throw new NotImplementedException();
}
