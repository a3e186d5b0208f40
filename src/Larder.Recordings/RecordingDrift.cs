namespace Larder.Recordings;

/// <summary>A live answer that is further from its recording than the tolerance allows.</summary>
/// <param name="Method">The deployment and the method.</param>
/// <param name="File">The recording.</param>
/// <param name="Differences">What differs and where, each a sentence such as <c>$.price: 3.5 was recorded, 3.7 came</c>.</param>
public sealed record RecordingDrift(string Method, string File, IReadOnlyList<string> Differences);
