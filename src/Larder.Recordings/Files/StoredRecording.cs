namespace Larder.Recordings.Files;

/// <summary>A recording that was read and found whole.</summary>
/// <param name="File">Its path.</param>
/// <param name="Outcome">What came of the call.</param>
/// <param name="Attachments">Where its attachments are.</param>
internal sealed record StoredRecording(string File, RecordedOutcome Outcome, IAttachmentSource Attachments);
