namespace Larder.Tests;

/// <summary>What a fault or a careless program does to files of a store.</summary>
internal static class Tamper
{
    /// <summary>Flips a byte in place and leaves no trace in the file's size or time.</summary>
    public static void Silently(string path)
    {
        var time = File.GetLastWriteTimeUtc(path);
        InPlace(path);
        File.SetLastWriteTimeUtc(path, time);
    }

    /// <summary>Flips a byte in place, as root can in spite of the mode; the time shows it.</summary>
    public static void InPlace(string path) =>
        Write(
            path,
            file =>
            {
                var first = (byte)file.ReadByte();
                file.Position = 0;
                file.WriteByte((byte)~first);
            }
        );

    /// <summary>Flips one bit and leaves no trace in the file's size or time.</summary>
    public static void Bit(string path, long bit)
    {
        var time = File.GetLastWriteTimeUtc(path);
        Write(
            path,
            file =>
            {
                file.Position = bit / 8;
                var flipped = (byte)(file.ReadByte() ^ (1 << (int)(bit % 8)));
                file.Position = bit / 8;
                file.WriteByte(flipped);
            }
        );
        File.SetLastWriteTimeUtc(path, time);
    }

    /// <summary>Makes a file longer or shorter and gives it its old time back.</summary>
    public static void Length(string path, int change)
    {
        var time = File.GetLastWriteTimeUtc(path);
        Write(path, file => file.SetLength(file.Length + change));
        File.SetLastWriteTimeUtc(path, time);
    }

    private static void Write(string path, Action<FileStream> change)
    {
        var mode = File.GetUnixFileMode(path);
        File.SetUnixFileMode(path, mode | UnixFileMode.UserWrite);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
            change(file);
        File.SetUnixFileMode(path, mode);
    }
}
