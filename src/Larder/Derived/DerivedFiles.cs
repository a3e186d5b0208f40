using Larder.Content;
using Larder.Origins;
using Larder.Pull;
using Larder.Store;

namespace Larder.Derived;

/// <summary>Files that were made from a model, as a read-only directory, held by a lease until this is disposed.</summary>
public sealed class DerivedFiles : IDisposable
{
    private readonly StoredSnapshot _stored;

    internal DerivedFiles(StoredSnapshot stored, TimeSpan duration)
    {
        _stored = stored;
        Duration = duration;
    }

    /// <summary>The directory. Its files may be removed at any time after this is disposed.</summary>
    public string Path => _stored.Path;

    /// <summary>The files.</summary>
    public Manifest Manifest => _stored.Manifest;

    /// <summary>How long it took to make them.</summary>
    public TimeSpan Duration { get; }

    /// <summary>The same files as a snapshot, to be laid out in a directory; this goes on holding them.</summary>
    internal Snapshot ToSnapshot(ModelReference reference) =>
        new(
            reference,
            PullRequest.KeyOf(reference),
            _stored,
            new PullReport(Manifest.Digest, PullOutcome.Hit),
            Duration,
            static () => null
        );

    /// <summary>Gives the lease back; does nothing the second time.</summary>
    public void Dispose() => _stored.Dispose();
}
