using Larder.Store;

namespace Larder.Passes.Keys;

/// <summary>What tells without reading it that a file is another than before: a write changes its time, a replacement its number.</summary>
/// <remarks>Not the time of the last change of its status: that of a file of the store changes whenever somebody links it.</remarks>
internal readonly record struct FileStamp(ulong Device, ulong Inode, long SizeBytes, long ModifiedNanoseconds)
{
    public static FileStamp Of(in FileStatus status) =>
        new(status.Device, status.Inode, status.SizeBytes, status.ModifiedNanoseconds);
}
