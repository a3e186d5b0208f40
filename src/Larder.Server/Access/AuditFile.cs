using System.Globalization;
using Larder.Store;

namespace Larder.Server.Access;

/// <summary>The file that lines are appended to; when it is full it becomes <c>FILE.1</c>, and what was that <c>FILE.2</c>.</summary>
/// <remarks>Opened for each line, so that a tool that moves logs away needs no signal to this process. One caller at a time.</remarks>
internal sealed class AuditFile(string path, long maxBytes, TimeProvider timeProvider)
{
    /// <summary>How many full files are kept.</summary>
    public const int Kept = 9;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Another process that writes has the file for as long as a line takes.
    private const int Tries = 50;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(10);

    public string Path { get; } = path;

    /// <summary>Makes the file where there is none, and finds out whether it can be written.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not.</exception>
    public void Check()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
        using var file = Open(FileShare.ReadWrite);
    }

    /// <summary>Appends a line, also where a full file cannot be moved away.</summary>
    /// <returns>Why it could not be; null when it was, or is not full.</returns>
    public async Task<Exception?> AppendAsync(ReadOnlyMemory<byte> line)
    {
        var failure = File.Exists(Path) && new FileInfo(Path).Length + line.Length > maxBytes ? TryRotate() : null;
        await using var file = await OpenAsync();
        // A full disk, or the end of a process, may have cut the last line short: this one would be lost in it.
        if (!HasEnd(file))
            line = (byte[])[(byte)'\n', .. line.Span];
        // One write: a reader sees whole lines.
        await file.WriteAsync(line);
        return failure;
    }

    private static bool HasEnd(FileStream file)
    {
        // A pipe, such as standard output may be, has no last line to look at.
        if (!file.CanSeek || file.Seek(0, SeekOrigin.End) == 0)
            return true;
        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() is '\n';
    }

    private Exception? TryRotate()
    {
        try
        {
            Rotate();
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure;
        }
    }

    private void Rotate()
    {
        for (var i = Kept - 1; i >= 0; i--)
        {
            if (File.Exists(Older(i)))
                Posix.Rename(Older(i), Older(i + 1));
        }
    }

    private string Older(int number) =>
        number == 0 ? Path : string.Create(CultureInfo.InvariantCulture, $"{Path}.{number}");

    private async Task<FileStream> OpenAsync()
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                return Open(FileShare.None);
            }
            catch (IOException) when (left > 0 && File.Exists(Path))
            {
                await Task.Delay(Rest, timeProvider);
            }
        }
    }

    private FileStream Open(FileShare share) =>
        new(
            Path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = share,
                BufferSize = 0,
                UnixCreateMode = OwnerOnly,
            }
        );
}
