using Microsoft.Extensions.Logging;

namespace Larder.Workers.Processes;

/// <summary>A directory that only this user sees, for one worker: it works in a directory within, and all goes when it has ended.</summary>
internal sealed class WorkDirectory : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly ILogger _logger;

    public WorkDirectory(WorkerStart start)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Workers can be run on Linux only.");
        _logger = start.Logger;
        Path = System.IO.Path.Combine(start.ScratchPath, $"larder-worker-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path, Private);
        Work = Directory.CreateDirectory(System.IO.Path.Combine(Path, "work")).FullName;
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>Where the worker works.</summary>
    public string Work { get; }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException) { }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _logger.LeftDirectory(Path, failure.Message);
        }
    }
}
