using Larder.Recordings.Files;

namespace Larder.Recordings.Answers;

/// <summary>Compares a live outcome with a recorded one.</summary>
internal sealed class OutcomeComparison(DriftTolerance tolerance)
{
    /// <summary>What differs by more than the tolerance, each a sentence with its path; none when nothing does.</summary>
    public IReadOnlyList<string> Compare(
        RecordedOutcome recorded,
        IAttachmentSource recordedFiles,
        RecordedOutcome live,
        IAttachmentSource liveFiles
    ) => throw new NotImplementedException(tolerance.ToString());
}
