using Larder.Content;

namespace Larder.Recordings.Files;

/// <summary>Notes which recordings this process has used, for <c>larder recordings list</c> and <c>prune</c>.</summary>
internal sealed class UsageLog(string directory, TimeProvider timeProvider) : IDisposable
{
    /// <summary>Notes a use; cheap, and the first of a key only.</summary>
    public void Note(EntryKey key) => throw new NotImplementedException(directory + timeProvider);

    /// <summary>Writes what was noted. A directory that cannot be written is passed over.</summary>
    public void Dispose() { }
}
