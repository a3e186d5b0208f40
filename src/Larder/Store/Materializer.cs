namespace Larder.Store;

/// <summary>Lays a blob out under the name that it has in a model.</summary>
internal sealed class Materializer(MaterializeMode mode)
{
    // A file system that refused once will refuse again; asking is a system call and an empty file each time.
    private volatile bool _reflinks = mode is MaterializeMode.Auto or MaterializeMode.Reflink;

    /// <summary>Makes <paramref name="path"/> a file with the blob's bytes, mode and time.</summary>
    public void Materialize(string blob, string path)
    {
        if (_reflinks)
        {
            if (TryCopy(blob, path, reflinkOnly: true))
                return;
            if (mode == MaterializeMode.Reflink)
                throw new StoreException(
                    path,
                    $"The file system of '{path}' cannot share blocks between files. Set store.materialize to auto, hardlink or copy."
                );
            _reflinks = false;
        }
        if (mode != MaterializeMode.Copy && TryHardLink(blob, path))
            return;
        TryCopy(blob, path, reflinkOnly: false);
    }

    private static bool TryHardLink(string blob, string path)
    {
        try
        {
            return Posix.TryLink(blob, path)
                ? true
                : throw new StoreException(path, $"'{path}' is there already: two files of a model have one name.");
        }
        catch (IOException noLinksLeft) when (noLinksLeft.HResult == Posix.EMLINK)
        {
            return false;
        }
    }

    private static bool TryCopy(string blob, string path, bool reflinkOnly)
    {
        using var source = File.OpenHandle(blob);
        using var target = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        if (!Posix.TryReflink(source, target))
        {
            if (reflinkOnly)
            {
                Posix.Unlink(path);
                return false;
            }
            CopyBytes(source, target);
        }
        Durability.Seal(target, path);
        return true;
    }

    private static void CopyBytes(
        Microsoft.Win32.SafeHandles.SafeFileHandle source,
        Microsoft.Win32.SafeHandles.SafeFileHandle target
    )
    {
        var buffer = new byte[1 << 20];
        for (long offset = 0; ; )
        {
            var read = RandomAccess.Read(source, buffer, offset);
            if (read == 0)
                return;
            RandomAccess.Write(target, buffer.AsSpan(0, read), offset);
            offset += read;
        }
    }
}
