using Larder.Content;

namespace Larder.Recordings.Requests;

/// <summary>The whole request that a recording answers, and its key.</summary>
/// <param name="Key">Of kind <c>recording</c>; its request is the document in canonical JSON.</param>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="Method">The method's name.</param>
internal sealed record RecordingRequest(EntryKey Key, string Deployment, string Method);
