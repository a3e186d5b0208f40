namespace Larder.Recordings.Files;

/// <summary>A large part of an answer, in a file of its own beside the recording.</summary>
/// <param name="Name">The digest of the bytes with an ending that tells viewers what it is, such as <c>….png</c>.</param>
/// <param name="Bytes">What is in it.</param>
internal sealed record Attachment(string Name, ReadOnlyMemory<byte> Bytes);
