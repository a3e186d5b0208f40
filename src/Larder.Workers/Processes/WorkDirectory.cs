using Microsoft.Extensions.Logging;

namespace Larder.Workers.Processes;

/// <summary>A directory that only this user sees, for one worker: it works in a directory within, and all goes when it has ended.</summary>
internal sealed class WorkDirectory : IDisposable
{
    private readonly ILogger _logger;

    public WorkDirectory(ILogger logger)
    {
        _logger = logger;
        // Made with mode 0700.
        Path = Directory.CreateTempSubdirectory("larder-worker-").FullName;
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
