using Larder.Content;

namespace Larder.Recordings;

/// <summary>The version of a model that a file which is checked in names, so that replay need not look at the model.</summary>
/// <param name="Digest">The digest of the model's manifest.</param>
public sealed record ModelPin(Digest Digest)
{
    /// <summary>Reads a pin: a JSON document with the member <c>digest</c>, as <c>larder pull REF --json</c> prints it.</summary>
    /// <exception cref="RecordingException">The file is missing, or names no digest.</exception>
    public static ModelPin Read(string path) => throw new NotImplementedException(path);
}
