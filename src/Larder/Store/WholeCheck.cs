using System.Text;
using Larder.Content;

namespace Larder.Store;

/// <summary>Looks whether the files of a snapshot are there and, by their sizes and times, untouched.</summary>
/// <remarks>
/// Every hit does: the names are kept as the kernel takes them, and are looked up from the snapshot's directory, which saves
/// the system the way there for each file. Safe for concurrent use.
/// </remarks>
internal sealed class WholeCheck
{
    private readonly byte[] _names;
    private readonly int[] _offsets;

    public WholeCheck(Manifest manifest)
    {
        Manifest = manifest;
        var names = new MemoryStream();
        _offsets = new int[manifest.Files.Count];
        for (var i = 0; i < _offsets.Length; i++)
        {
            _offsets[i] = (int)names.Length;
            names.Write(Encoding.UTF8.GetBytes(manifest.Files[i].Path));
            names.WriteByte(0);
        }
        _names = names.ToArray();
    }

    public Manifest Manifest { get; }

    /// <summary>What this keeps in memory, about.</summary>
    public int SizeBytes => _names.Length + (2 * Manifest.Bytes.Length);

    /// <summary>Whether the snapshot at a path is whole; null when there is none.</summary>
    public bool? IsWhole(string snapshot)
    {
        using var directory = Posix.TryOpenDirectory(snapshot);
        if (directory is null)
            return null;
        for (var i = 0; i < _offsets.Length; i++)
        {
            if (
                !Posix.TryStatusIn(directory, _names.AsSpan(_offsets[i]), Manifest.Files[i].Path, out var status)
                || !LocalStore.IsUntouched(status, Manifest.Files[i].SizeBytes)
            )
                return false;
        }
        return true;
    }
}
