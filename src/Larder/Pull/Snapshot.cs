using Larder.Content;
using Larder.Origins;
using Larder.Store;

namespace Larder.Pull;

/// <summary>A model's files as a read-only directory, held by a lease until this is disposed.</summary>
public sealed class Snapshot : IDisposable
{
    private readonly StoredSnapshot _stored;

    internal Snapshot(
        ModelReference reference,
        EntryKey key,
        StoredSnapshot stored,
        PullReport report,
        TimeSpan duration,
        Func<EntrySource?> findSource
    )
    {
        FindSource = findSource;
        _stored = stored;
        Reference = reference;
        Key = key;
        Outcome = report.Outcome;
        FilesFetched = report.FilesFetched;
        BytesFetched = report.BytesFetched;
        BytesFromShared = report.BytesFromShared;
        Duration = duration;
    }

    /// <summary>What was pulled.</summary>
    public ModelReference Reference { get; }

    /// <summary>The entry that it answers.</summary>
    internal EntryKey Key { get; }

    /// <summary>Where the files came from; gives null when the entry is gone, or is of another version by now.</summary>
    internal Func<EntrySource?> FindSource { get; }

    /// <summary>Whether no file of the reference was left out.</summary>
    internal bool IsOfAllFiles => PullRequest.TryRead(Key.Request)?.Options.IsOfAllFiles == true;

    /// <summary>The directory. Its files may be removed at any time after this snapshot is disposed.</summary>
    public string Path => _stored.Path;

    /// <summary>The files.</summary>
    public Manifest Manifest => _stored.Manifest;

    /// <summary>Names this version of the model: the digest of its manifest.</summary>
    public Digest Digest => Manifest.Digest;

    /// <summary>How the pull was answered.</summary>
    public PullOutcome Outcome { get; }

    /// <summary>Whether no byte came from the origin.</summary>
    public bool FromCache => BytesFetched == 0 && FilesFetched == 0;

    /// <summary>Files whose bytes came from the origin.</summary>
    public int FilesFetched { get; }

    /// <summary>Bytes that came from the origin.</summary>
    public long BytesFetched { get; }

    /// <summary>Bytes that came from the team's shared store; those of the origin are not among them.</summary>
    public long BytesFromShared { get; }

    /// <summary>How long the pull took.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Gives the lease back; does nothing the second time.</summary>
    public void Dispose() => _stored.Dispose();
}
