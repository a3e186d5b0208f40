using Larder.Content;

namespace Larder.Recordings.Administration;

/// <summary>A recording, and what is known of its use.</summary>
/// <param name="Deployment">The deployment's name; of a damaged recording, its folder's.</param>
/// <param name="Method">The method's name; of a damaged recording, its folder's.</param>
/// <param name="Key">The digest of its request.</param>
/// <param name="File">Its path in the directory.</param>
/// <param name="SizeBytes">The size of the document, without attachments.</param>
/// <param name="Kind">What came of the call.</param>
/// <param name="IsUsed">Whether the last run of all tests, or any since, used it; null where no such run is noted.</param>
/// <param name="LastUsed">When a process that used it began, the last one; null where none is noted.</param>
public sealed record ListedRecording(
    string Deployment,
    string Method,
    Digest Key,
    string File,
    long SizeBytes,
    RecordingKind Kind,
    bool? IsUsed,
    DateTimeOffset? LastUsed
)
{
    /// <summary>
    /// The arguments of the call by name, a JSON object on one line as the request has it, of which the first 1000 characters are
    /// kept; empty for a damaged one.
    /// </summary>
    public string Arguments { get; init; } = "";
}
