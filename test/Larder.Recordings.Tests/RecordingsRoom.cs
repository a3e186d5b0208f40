using Larder.TestKit;
using Microsoft.Extensions.Logging;

namespace Larder.Recordings.Tests;

/// <summary>A directory of recordings, in an environment that is the test's own.</summary>
internal sealed class RecordingsRoom : IDisposable
{
    private readonly TempDirectory _directory = new();

    public RecordingLoggerFactory Logs { get; } = new();

    public string Path => System.IO.Path.Combine(_directory.Path, "recordings");

    /// <summary>The files of recordings, attachments included, as paths below the directory.</summary>
    public IReadOnlyList<string> Files =>
        Directory.Exists(Path)
            ?
            [
                .. Directory
                    .EnumerateFiles(Path, "*", SearchOption.AllDirectories)
                    .Select(file => System.IO.Path.GetRelativePath(Path, file))
                    .Where(file => !file.StartsWith(".usage", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>The text of the one recording.</summary>
    public string Text => File.ReadAllText(System.IO.Path.Combine(Path, Assert.Single(Files)));

    public Recordings Open(
        RecordingMode mode,
        Action<RecordingsOptions>? configure = null,
        TimeProvider? timeProvider = null
    )
    {
        var options = new RecordingsOptions
        {
            Directory = Path,
            Mode = mode,
            Variable = _ => null,
        };
        configure?.Invoke(options);
        return new Recordings(options, Logs.CreateLogger<Recordings>(), timeProvider);
    }

    public void Dispose() => _directory.Dispose();
}
