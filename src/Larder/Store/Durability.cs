using Microsoft.Win32.SafeHandles;

namespace Larder.Store;

/// <summary>Puts files and names on the device, so that a power cut leaves a complete thing or nothing.</summary>
internal static class Durability
{
    /// <summary>Gives a written file the mode and time of a blob and waits until all of it is on the device.</summary>
    /// <remarks>Mode and time come before the sync: a time that a power cut undid would make good bytes look touched.</remarks>
    public static void Seal(SafeFileHandle file, string path)
    {
        File.SetUnixFileMode(file, StoreLayout.BlobMode);
        File.SetLastWriteTimeUtc(file, StoreLayout.BlobTime.UtcDateTime);
        Posix.Sync(file, path);
    }

    /// <summary>Writes a small new file and waits until its bytes are on the device; its name is not yet.</summary>
    public static void WriteFile(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        RandomAccess.Write(file, bytes, fileOffset: 0);
        Posix.Sync(file, path);
    }

    /// <summary>Makes the names in a directory durable, and those of the directory and its parents up to <paramref name="root"/>.</summary>
    /// <remarks>
    /// Also when the directories were there already: another process may have made them a moment ago and not synced them yet.
    /// A directory without changes costs next to nothing.
    /// </remarks>
    public static void SyncUpwards(string directory, string root)
    {
        for (; directory.Length >= root.Length; directory = Path.GetDirectoryName(directory)!)
            Posix.SyncDirectory(directory);
    }
}
