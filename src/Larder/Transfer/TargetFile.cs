using Larder.Store.Partial;
using Microsoft.Win32.SafeHandles;

namespace Larder.Transfer;

/// <summary>A file that is being put together in a staging area.</summary>
/// <param name="path">Where it is.</param>
/// <param name="handle">The file, of full length; closed with this.</param>
/// <param name="said">Its blocks that an earlier transfer is said to have left, with their checksums.</param>
/// <param name="partial">Where each block is noted; null where nothing can be kept of it.</param>
internal sealed class TargetFile(
    string path,
    SafeFileHandle handle,
    IReadOnlyDictionary<int, uint> said,
    PartialFiles? partial
) : IDisposable
{
    public string Path => path;

    public SafeFileHandle Handle => handle;

    public IReadOnlyDictionary<int, uint> Said => said;

    /// <summary>A block was written.</summary>
    public void Note(int block, uint checksum) => partial?.Add(path, block, checksum);

    /// <summary>It is not what was promised: nothing of it is kept.</summary>
    public void Void() => partial?.Void(path);

    public void Dispose() => handle.Dispose();
}
