using System.Collections.Concurrent;
using Larder.Content;

namespace Larder.Store;

/// <summary>Manifests that were read and found right, by their digests, so that the next hit need not read them again.</summary>
/// <remarks>
/// A manifest of a digest is the same for ever. That its file is still there, as long as before, is looked at by whoever asks.
/// When they have become too many all are dropped: what is in use is read again.
/// </remarks>
internal sealed class WholeChecks(StoreLayout layout)
{
    private const int MostBytes = 16 << 20;

    private readonly ConcurrentDictionary<Digest, WholeCheck> _checks = new();
    private int _sizeBytes;

    /// <summary>What was kept of a manifest; null when nothing was, or its file is gone or has another length.</summary>
    public WholeCheck? TryGet(Digest digest)
    {
        if (!_checks.TryGetValue(digest, out var check))
            return null;
        if (
            Posix.TryStatus(layout.Manifest(digest), followLinks: false, out var status)
            && status.IsFile
            && status.SizeBytes == check.Manifest.Bytes.Length
        )
            return check;
        _checks.TryRemove(digest, out _);
        return null;
    }

    /// <summary>Keeps a manifest that was read from its file.</summary>
    public WholeCheck Add(Manifest manifest)
    {
        var check = new WholeCheck(manifest);
        if (Interlocked.Add(ref _sizeBytes, check.SizeBytes) > MostBytes)
        {
            _checks.Clear();
            _sizeBytes = check.SizeBytes;
        }
        _checks[manifest.Digest] = check;
        return check;
    }
}
